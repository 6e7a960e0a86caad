// SPDX-License-Identifier: Apache-2.0
import Base

/// A command of `jiesu`: its words, what it takes, what it does.
struct Command: Sendable {
  struct Option: Sendable {
    let name: String
    let says: Text
    /// What stands for the value in the help; empty for a switch.
    var value = "VALUE"
  }

  let words: [String]
  /// Those that can be left out come last and stand in brackets.
  var arguments: [String] = []
  var options: [Option] = []
  let says: Text
  let run: @Sendable (Invocation, Configuration) async throws -> ExitCode

  var title: String { words.joined(separator: " ") }

  /// How many arguments it cannot do without.
  var required: Int { arguments.count { !$0.hasPrefix("[") } }

  var usage: String {
    let optional = options.map { $0.value.isEmpty ? "[\($0.name)]" : "[\($0.name) \($0.value)]" }
    return (["jiesu"] + words + arguments + optional).joined(separator: " ")
  }

  /// The options that have no value.
  static let switches: Set<String> = Set(all.flatMap { $0.options }.filter { $0.value.isEmpty }.map { $0.name })
}

/// How a command ended; documented in `docs/commands.md`.
enum ExitCode: Int32, Sendable {
  /// Done, nothing to complain of.
  case success = 0
  /// Done, and something was found: a doctor's finding, a plan with changes.
  case findings = 1
  /// The command line cannot be understood.
  case usage = 2
  /// A setting is bad.
  case configuration = 3
  /// A file or a value is not what it must be; nothing was changed.
  case invalid = 4
  /// The database cannot be reached or did not answer.
  case database = 5
  /// It is refused as things stand: an applied migration was edited, a revision would be overwritten.
  case refused = 6
  /// A fault of the program.
  case unexpected = 70
}
