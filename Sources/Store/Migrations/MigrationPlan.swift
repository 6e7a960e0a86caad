// SPDX-License-Identifier: Apache-2.0

/// A step that the database says it has taken.
package struct AppliedMigration: Sendable, Equatable {
  package let number: Int
  package let name: String
  package let checksum: [UInt8]

  package init(number: Int, name: String, checksum: [UInt8]) {
    self.number = number
    self.name = name
    self.checksum = checksum
  }
}

/// What is left to do to a schema: the files behind the last step taken, after it is sure that all before is as it was.
package struct MigrationPlan: Sendable, Equatable {
  package let pending: [MigrationFile]

  /// Forward only: what was applied must still stand there, unchanged, and nothing may appear before it.
  ///
  /// - Parameters:
  ///   - files: in any order.
  ///   - applied: in any order.
  /// - Throws: `MigrationError` for the first thing that is wrong, in the order of the numbers.
  package init(files: [MigrationFile], applied: [AppliedMigration]) throws {
    let files = files.sorted { $0.number < $1.number }
    for (first, second) in zip(files, files.dropFirst()) where first.number == second.number {
      throw MigrationError.sameNumber(first.number, first.name, second.name)
    }
    let applied = applied.sorted { $0.number < $1.number }
    for step in applied {
      guard let file = files.first(where: { $0.number == step.number }) else { throw MigrationError.missing(step.number, step.name) }
      guard file.name == step.name else { throw MigrationError.renamed(step.number, from: step.name, to: file.name) }
      guard file.checksum == step.checksum else { throw MigrationError.changed(step.number, step.name) }
    }
    let last = applied.last?.number ?? 0
    let taken = Set(applied.map(\.number))
    if let late = files.first(where: { $0.number < last && !taken.contains($0.number) }) {
      throw MigrationError.outOfOrder(late.number, late.name, last: last)
    }
    pending = files.filter { $0.number > last }
    // A gap means that a file was forgotten: it would be out of order when it comes.
    for (place, file) in pending.enumerated() where file.number != last + 1 + place {
      throw MigrationError.gap(expected: last + 1 + place, found: file.number)
    }
  }
}
