// SPDX-License-Identifier: Apache-2.0

/// One thing that the server will answer; the answers come in the order of the steps.
enum Step {
  /// A command whose rows nobody wants: `BEGIN`, the context.
  case silent
  /// A statement is being prepared; its name counts when this succeeds.
  case prepare(Prepared)
  /// A statement of the request.
  case statement
  case commit
  /// A Sync after which the request goes on.
  case sync
  /// The request's last Sync.
  case end
}

/// A statement that has a name on one connection.
final class Prepared {
  let sql: SQL
  /// What libpq takes as the name.
  let name: UnsafeMutablePointer<CChar>
  let types: [UInt32]
  /// Whether the server has said that it knows the name.
  var isKnown = false

  init(_ sql: SQL, number: Int, types: [UInt32]) {
    self.sql = sql
    self.types = types
    let text = "s\(number)"
    name = .allocate(capacity: text.utf8.count + 1)
    for (index, byte) in text.utf8.enumerated() { name[index] = CChar(byte) }
    name[text.utf8.count] = 0
  }

  deinit {
    name.deallocate()
  }
}
