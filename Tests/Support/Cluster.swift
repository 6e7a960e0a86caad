// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A private PostgreSQL cluster for tests, in `.data/` of the checkout; its superuser is `postgres`, everybody may be anybody.
///
/// It stays running between runs, since nothing in it is worth a restart; `deploy/cluster drop test` removes it.
package struct Cluster: Sendable {
  /// libpq's `host`.
  package let socketDirectory: String
  package let dataDirectory: String
  package let name: String

  /// The checkout that this test was compiled from.
  package static let checkout = String(#filePath.dropLast("/Tests/Support/Cluster.swift".count))

  /// The cluster that tests share, started on first use.
  package static let shared = Result { try Cluster.start(sharedName) }

  private static let sharedName = "test"

  /// Whether other tests use it too, so that nobody kills it.
  package var isShared: Bool { name == Self.sharedName }

  /// Starts the cluster of a name, and makes it when there is none.
  ///
  /// A test that kills its server takes a name of its own, and drops it at the end.
  package static func start(_ name: String) throws -> Cluster {
    let started = try Command.run(["\(checkout)/deploy/cluster", "start", name, "test"])
    let lines = started.output.split(separator: "\n").map(String.init)
    guard started.status == 0, lines.count == 2 else { throw Command.Failure(description: "no cluster: \(started.output)") }
    return Cluster(socketDirectory: lines[0], dataDirectory: lines[1], name: name)
  }

  /// Stops the cluster and removes its files.
  package func drop() throws {
    let dropped = try Command.run(["\(Self.checkout)/deploy/cluster", "drop", name])
    if dropped.status != 0 { throw Command.Failure(description: "not dropped: \(dropped.output)") }
  }

  /// Kills the server and all its processes as a crash would; `start` with the same name brings it back, recovered.
  package func crash() throws {
    let file = try Command.run(["/bin/cat", "\(dataDirectory)/postmaster.pid"]).output
    guard let postmaster = file.split(separator: "\n").first.flatMap({ pid_t($0) }) else {
      throw Command.Failure(description: "no server in \(dataDirectory)")
    }
    let backends = try Command.run(["cat", "/proc/\(postmaster)/task/\(postmaster)/children"]).output
      .split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
    kill(postmaster, SIGKILL)
    // They see the postmaster's end and exit; another one starts only when they have let go of the shared memory.
    for process in [postmaster] + backends {
      while Self.isAlive(process) { usleep(1000) }
    }
  }

  /// Whether a process still does something; one that only waits for its parent to take note of its end does not.
  private static func isAlive(_ process: pid_t) -> Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let line = bytes[..<fread(&bytes, 1, bytes.count, file)]
    // "number (name) state …"
    guard let end = line.lastIndex(of: UInt8(ascii: ")")), line.count > end + 2 else { return false }
    return line[end + 2] != UInt8(ascii: "Z")
  }

  /// Runs SQL as the superuser.
  ///
  /// - Returns: the rows, columns apart by `|`.
  @discardableResult
  package func sql(_ text: String, database: String = "postgres") throws -> String {
    let done = try Command.run(
      ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", socketDirectory, "-U", "postgres", "-d", database], input: text)
    if done.status != 0 { throw Command.Failure(description: "psql ended with \(done.status): \(text)") }
    return String(done.output.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed())
  }
}
