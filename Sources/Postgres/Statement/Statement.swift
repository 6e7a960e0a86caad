// SPDX-License-Identifier: Apache-2.0

/// A statement with its values.
package struct Statement: Sendable {
  package let sql: SQL
  package let binds: [Bind]
  package let planning: Planning

  package init(_ sql: SQL, _ binds: [Bind] = [], planning: Planning = .asSeen) {
    self.sql = sql
    self.binds = binds
    self.planning = planning
  }
}

/// Whether a statement's plan may hang on its values.
package enum Planning: Sendable {
  /// PostgreSQL compares what plans cost with what planning costs, and plans anew each time where a plan for these values looks cheaper.
  case asSeen
  /// One plan whatever the values, kept as long as plans are (docs/decisions, "Plans have an age"): for a statement that leaves no choice.
  case once
}

/// A statement with its values and what its rows mean.
package struct Query<Output>: Sendable {
  package let statement: Statement
  package let decode: @Sendable (Row) throws(DecodingFailure) -> Output

  package init(_ sql: SQL, _ binds: [Bind] = [], decode: @escaping @Sendable (Row) throws(DecodingFailure) -> Output) {
    self.init(Statement(sql, binds), decode: decode)
  }

  package init(_ statement: Statement, decode: @escaping @Sendable (Row) throws(DecodingFailure) -> Output) {
    self.statement = statement
    self.decode = decode
  }
}

/// On whose behalf a statement runs: what row-level security goes by.
package enum Context: Sendable, Hashable {
  /// Nobody's tenant: only what belongs to the platform is seen.
  case platform
  /// The tenant of this number, set for one transaction.
  case tenant(Int32)
}

/// Whether a statement may change anything.
package enum Access: Sendable {
  case read
  /// Changes nothing either, and may take long for a request: it goes another way than the others, so that it holds up its like only.
  case search
  case write
}
