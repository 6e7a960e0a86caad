// SPDX-License-Identifier: Apache-2.0
import Store
import Testing

@Suite("What is left to migrate")
struct MigrationPlanTests {
  private func file(_ name: String, _ sql: String = "SELECT 1;") throws -> MigrationFile {
    try MigrationFile(fileName: name, bytes: Array(sql.utf8))
  }

  private func applied(_ file: MigrationFile) -> AppliedMigration {
    AppliedMigration(number: file.number, name: file.name, checksum: file.checksum)
  }

  @Test("an empty database gets every file in the order of the numbers, a full one nothing")
  func forward() throws {
    let files = try [file("0002_b.sql"), file("0001_a.sql"), file("0003_c.sql")]
    #expect(try MigrationPlan(files: files, applied: []).pending.map(\.name) == ["a", "b", "c"])
    #expect(try MigrationPlan(files: files, applied: [applied(files[1])]).pending.map(\.name) == ["b", "c"])
    #expect(try MigrationPlan(files: files, applied: files.map(applied)).pending.isEmpty)
  }

  @Test("what was applied must still be there, under its name, byte for byte")
  func history() throws {
    let first = try file("0001_a.sql")
    let second = try file("0002_b.sql")
    let done = [applied(first), applied(second)]
    let changed = try file("0001_a.sql", "SELECT 1; ")
    #expect(throws: MigrationError.changed(1, "a")) { try MigrationPlan(files: [changed, second], applied: done) }
    #expect(throws: MigrationError.missing(2, "b")) { try MigrationPlan(files: [first], applied: done) }
    let renamed = try file("0002_c.sql")
    #expect(throws: MigrationError.renamed(2, from: "b", to: "c")) { try MigrationPlan(files: [first, renamed], applied: done) }
  }

  @Test("nothing comes in between, twice, or with a gap before it")
  func order() throws {
    let files = try [file("0001_a.sql"), file("0002_b.sql"), file("0003_c.sql")]
    #expect(throws: MigrationError.outOfOrder(2, "b", last: 3)) {
      try MigrationPlan(files: files, applied: [applied(files[0]), applied(files[2])])
    }
    #expect(throws: MigrationError.gap(expected: 2, found: 3)) { try MigrationPlan(files: [files[0], files[2]], applied: []) }
    let twin = try file("0002_x.sql")
    #expect(throws: MigrationError.sameNumber(2, "b", "x")) { try MigrationPlan(files: files + [twin], applied: []) }
  }

  @Test(
    "a file that is no migration is refused by its name",
    arguments: ["1_a.sql", "0001a.sql", "0001_.sql", "0000_a.sql", "000a_a.sql", "+001_a.sql", "0001_a.txt", "٠٠٠١_a.sql"])
  func names(_ name: String) {
    #expect(throws: MigrationError.badName(name)) { try MigrationFile(fileName: name, bytes: []) }
  }

  @Test("bytes that are no text are refused")
  func text() {
    #expect(throws: MigrationError.notText("0001_a.sql")) { try MigrationFile(fileName: "0001_a.sql", bytes: [0xC3]) }
    #expect(throws: MigrationError.notText("0001_a.sql")) { try MigrationFile(fileName: "0001_a.sql", bytes: [0]) }
  }
}
