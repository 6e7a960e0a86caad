// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Synchronization

/// The offices of the repository, loaded once in a test run by the commands that people use.
enum Offices {
  /// The passwords of the demonstration's people, by cluster and login: each cluster's people have their own.
  private static let passwords = Mutex<[String: [String: String]]>([:])

  static func password(of login: String, in cluster: Cluster) -> String? {
    passwords.withLock { $0[cluster.dataDirectory]?[login] }
  }

  private static let templates = Mutex<[String: String]>([:])

  /// The database of a cluster that deployments are copies of, made on first use.
  static func template(of cluster: Cluster) throws -> String {
    try templates.withLock { templates in
      if let name = templates[cluster.dataDirectory] { return name }
      let name = "template_\(getpid())_1"
      try TestDatabase.copy(TestDatabase.template(of: cluster), to: name, in: cluster)
      let state = try Deployment.temporaryDirectory()
      defer { _ = try? Command.run(["rm", "-rf", state]) }
      let settings = Deployment.settings(cluster, name, state)
      let deploy = Cluster.checkout + "/deploy"
      let offices = try Command.run(["ls", deploy + "/tenants"]).output.split(separator: "\n").map(String.init)
      let loads =
        [["migrate"], ["calendar", "load", deploy + "/calendars"], ["rule-pack", "load", deploy + "/rule-packs"]]
        + offices.map { ["tenant", "apply", "\(deploy)/tenants/\($0)"] } + [["demo", "load", deploy + "/demo", "--people"]]
      for words in loads {
        let done = try Command.run([Deployment.program] + words + settings)
        if done.status != 0 { throw Command.Failure(description: "\(words) ended with \(done.status): \(done.output)") }
      }
      try read(logins: state + "/demo-logins", of: cluster)
      templates[cluster.dataDirectory] = name
      return name
    }
  }

  /// Each line is a login, a password and who it is.
  private static func read(logins file: String, of cluster: Cluster) throws {
    for line in try Command.run(["/bin/cat", file]).output.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ", maxSplits: 2)
      if words.count > 1 { passwords.withLock { $0[cluster.dataDirectory, default: [:]][String(words[0])] = String(words[1]) } }
    }
  }
}
