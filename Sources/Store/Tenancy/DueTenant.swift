// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// An office in which something has fallen due.
package struct DueTenant: Sendable, Equatable {
  package let id: TenantID
  /// When the oldest of it did.
  package let since: Instant

  /// Reads a row of a function that looks into every open office (`sql/migrations`): the office's number, and since when.
  package static let decode: @Sendable (Row) throws(DecodingFailure) -> DueTenant = { row throws(DecodingFailure) in
    DueTenant(id: try row.tenant(0), since: try row.instant(1))
  }
}
