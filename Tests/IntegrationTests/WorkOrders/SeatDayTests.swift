// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("A seat's day", .deployment)
struct SeatDayTests {
  /// What a document has between fences: commands, and what they print.
  private static func blocks(_ document: String) -> [(commands: String, printed: String)] {
    var blocks: [(commands: String, printed: String)] = []
    var kind: Substring?
    for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        kind = kind == nil ? line.dropFirst(3) : nil
        if kind == "sh" { blocks.append(("", "")) }
      } else if kind == "sh" {
        blocks[blocks.count - 1].commands += line + "\n"
      } else if kind == "text", !blocks.isEmpty {
        blocks[blocks.count - 1].printed += line + "\n"
      }
    }
    return blocks
  }

  /// Whether a line is as the document has it, in which `…` stands for anything.
  private static func matches(_ line: some StringProtocol, _ expected: some StringProtocol) -> Bool {
    let parts = expected.split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return line == expected }
    guard line.hasPrefix(first), line.hasSuffix(last) else { return false }
    var rest = line.dropFirst(first.count).dropLast(last.count)[...]
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  @Test("is done with curl as docs/seat-day.md has it, and prints what stands there")
  func document() throws {
    let deployment = try Deployment.current
    let blocks = Self.blocks(try TestDatabase.file("docs/seat-day.md"))
    #expect(blocks.count > 9)
    let directory = deployment.state + "/seat"
    var script =
      "set -u\nmkdir -p \(directory) && cd \(directory)\nserver=http://127.0.0.1:\(deployment.port)\nlogins=\(directory)/logins\n"
    script += "cat > logins <<'LOGINS'\n"
    for role in ["seat-1", "supervisor", "leader"] {
      let password = try #require(Offices.password(of: "anding.\(role)", in: deployment.database.cluster))
      script += "anding.\(role) \(password) somebody\n"
    }
    script += "LOGINS\n" + blocks.map { $0.commands + "echo ; echo '=== end of block'\n" }.joined()
    let file = directory + ".sh"
    let written = try Command.run(["sh", "-c", "cat > \(file)"], input: script)
    try #require(written.status == 0)
    let printed = try Command.run(["bash", file]).output
    let outputs = printed.split(separator: "=== end of block\n", omittingEmptySubsequences: false)
    try #require(outputs.count == blocks.count + 1, "\(printed)")
    for (block, output) in zip(blocks, outputs) {
      let (lines, expected) = (output.split(separator: "\n"), block.printed.split(separator: "\n"))
      let isSame =
        lines.count == expected.count
        && zip(lines, expected).allSatisfy { line, wanted in
          Self.matches(String(line.reversed().drop { $0 == " " }.reversed()), wanted)
        }
      #expect(isSame, "\(block.commands)\nprinted\n\(output)\nand not\n\(block.printed)")
    }
  }
}
