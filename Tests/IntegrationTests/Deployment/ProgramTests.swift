// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@Suite("Programs that tests run", .blocking)
struct ProgramTests {
  @Test("what a program prints and how it ends is kept, also when it is killed")
  func ended() throws {
    let printed = try Command.run(["sh", "-c", "cat; exit 3"], input: "朝阳\n")
    #expect(printed.output == "朝阳\n")
    #expect(printed.status == 3)
    #expect(try Command.run(["sh", "-c", "kill -9 $$"]).status == 137)
    #expect(try Command.run(["sh", "-c", "head -c 300000 /dev/zero"]).output.utf8.count == 300_000)
  }

  @Test("one that never ends is killed with what it started, and says what it was and what it had printed")
  func endless() throws {
    let failure = try #require(throws: Command.Failure.self) {
      try Command.run(["sh", "-c", "sleep 7777 & echo $!; wait"], patience: 1)
    }
    #expect(failure.description.contains("sleep 7777"))
    let left = try #require(failure.description.split(separator: "\n").last)
    try wait(for: "its end") { try isOver(String(left)) }
  }

  @Test("one that ends is not waited for because something that it started holds the pipe")
  func leftBehind() throws {
    let ended = try Command.run(["sh", "-c", "sleep 7777 & echo $!"], patience: 60)
    #expect(ended.status == 0)
    try wait(for: "its end") { try isOver(String(ended.output.dropLast())) }
  }

  /// Whether a process does nothing any more, though nobody may have taken note of its end yet.
  private func isOver(_ process: String) throws -> Bool {
    let state = try Command.run(["sh", "-c", "cut -d ' ' -f 3 /proc/\(process)/stat 2>&1 || true"]).output
    return state == "Z\n" || state.contains("No such file")
  }
}
