// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// A database and a directory of secrets on which the built command is run as an operator would run it, from the very first step.
struct Workbench: Sendable {
  private let cluster: Cluster
  private let database: String
  /// The directory of secrets; the command makes it.
  let state: String

  /// A database that has nothing but its roles yet.
  static func empty(_ body: (Workbench) async throws -> Void) async throws {
    try await TestDatabase.empty { cluster, database in
      let parent = try Deployment.temporaryDirectory()
      defer { _ = try? Command.run(["rm", "-rf", parent]) }
      try await body(Workbench(cluster: cluster, database: database, state: parent + "/state"))
    }
  }

  /// One with the schema, the calendars and an office.
  static func ready(_ body: (Workbench) async throws -> Void) async throws {
    try await empty { bench in
      for words in [
        ["migrate"], ["calendar", "load", path("deploy/calendars")], ["rule-pack", "load", path("deploy/rule-packs")],
        ["tenant", "apply", path("deploy/tenants/huoying")],
      ] {
        let run = try bench.run(words)
        #expect(run.status == 0, "\(run.output)")
      }
      try await body(bench)
    }
  }

  static func path(_ name: String) -> String { "\(Cluster.checkout)/\(name)" }

  struct Run {
    let status: Int32
    /// Standard output and standard error together.
    let output: String

    var json: JSON { get throws { try JSON.parse(output) } }
  }

  /// Runs `jiesu` to its end.
  func run(_ words: [String], _ variables: [String: String] = [:]) throws -> Run {
    let settings = [
      "JIESU_DATABASE_HOST": cluster.socketDirectory, "JIESU_DATABASE_NAME": database, "JIESU_STATE": state, "LC_ALL": "zh_CN.UTF-8",
      "PGPASSFILE": "",
    ].merging(variables) { _, given in given }
    let program = try RunningProgram(
      ["env"] + settings.map { "\($0.key)=\($0.value)" } + [Deployment.program] + words, log: state + "-log")
    let status = program.end(by: 0)
    return Run(status: status, output: try program.printed)
  }

  func run(_ words: String...) throws -> Run { try run(words) }

  @discardableResult
  func sql(_ text: String) throws -> String { try cluster.sql(text, database: database) }

  /// The permission bits of a file.
  static func mode(_ path: String) throws -> String {
    try Command.run(["stat", "-c", "%a", path]).output.filter { !$0.isWhitespace }
  }
}
