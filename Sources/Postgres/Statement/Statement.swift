// SPDX-License-Identifier: Apache-2.0

/// A statement with its values.
package struct Statement: Sendable {
  package let sql: SQL
  package let binds: [Bind]

  package init(_ sql: SQL, _ binds: [Bind] = []) {
    self.sql = sql
    self.binds = binds
  }
}

/// A statement with its values and what its rows mean.
package struct Query<Output>: Sendable {
  package let statement: Statement
  package let decode: @Sendable (Row) throws(DecodingFailure) -> Output

  package init(_ sql: SQL, _ binds: [Bind] = [], decode: @escaping @Sendable (Row) throws(DecodingFailure) -> Output) {
    statement = Statement(sql, binds)
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
  case write
}
