// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Testing

@testable import Base

/// Independent answers from Python packages; `Tests/Oracle/requirements.txt` names them.
///
/// The interpreter is `JIESU_TEST_PYTHON`, or `python3`. A missing package fails the test: agreement that was not checked is none.
enum Oracle {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Asks a script of `Tests/Oracle`; question and answer are JSON on its standard streams.
  static func ask(_ script: String, _ question: JSON) throws -> JSON {
    let directory = "/tmp/jiesu-oracle-\(getpid())-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let (input, output, errors) = (directory + "/in", directory + "/out", directory + "/err")
    try Data(question.bytes).write(to: URL(filePath: input))

    let interpreter = ProcessInfo.processInfo.environment["JIESU_TEST_PYTHON"] ?? "python3"
    let path = Repository.path("Tests/Oracle/\(script).py")
    let status = try run([interpreter, "-B", path], input: input, output: output, errors: errors)
    guard status == 0 else {
      let said = String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self)
      throw Failure(description: "\(interpreter) \(path) ended with \(status); install Tests/Oracle/requirements.txt?\n\(said)")
    }
    return try JSON.parse([UInt8](try Data(contentsOf: URL(filePath: output))))
  }

  /// Runs a program to its end with its streams in files.
  private static func run(_ arguments: [String], input: String, output: String, errors: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    let words = arguments.map { strdup($0) }
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, arguments[0], &actions, nil, words + [nil], environ)
    guard code == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 {
      guard errno == EINTR else { throw Failure(description: "waitpid: \(String(cString: strerror(errno)))") }
    }
    return status
  }
}

/// Files of the working copy that this was built from.
enum Repository {
  static func path(_ relative: String, from file: String = #filePath) -> String {
    // This file stands in Tests/BaseTests.
    let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    return root + "/" + relative
  }

  static func bytes(_ relative: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(relative)))) }

  /// The calendar that the deployment ships with.
  static func calendar(_ years: ClosedRange<Int> = 2018...2026) throws -> WorkingCalendar {
    try WorkingCalendar(try years.map { try CalendarYear.shape.decode(bytes: bytes("deploy/calendars/\($0).json")).get() })
  }
}
