// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// The answers that are stored with what they answer for, by the caller's idempotency key.
package enum AnswerStore {
  /// Where a key counts: in an office, or outside all of them.
  package enum Place: Sendable, Equatable {
    case office(TenantID)
    case platform

    package var context: Context {
      switch self {
      case .office(let tenant): .tenant(tenant.number)
      case .platform: .platform
      }
    }

    /// The constraint that a repeated key violates.
    package var constraint: String {
      switch self {
      case .office: "idempotency_pkey"
      case .platform: "platform_idempotency_pkey"
      }
    }
  }

  /// Whose key it is, for which operation.
  package struct Key: Sendable {
    package let user: UUIDv7
    package let operation: String
    package let key: String

    package init(user: UUIDv7, operation: String, key: String) {
      self.user = user
      self.operation = operation
      self.key = key
    }
  }

  /// An answer as it was stored.
  package struct Stored: Sendable {
    package let requestHash: [UInt8]
    package let status: Int32
    package let location: String?
    package let entityTag: String?
    package let body: [UInt8]
    package let expires: Instant
  }

  /// Stores an answer; runs first in the transaction that it answers for, so that a repeated request waits here.
  ///
  /// - Parameters:
  ///   - location: the answer's `Location`, where it has one.
  ///   - entityTag: its `ETag`, where it has one.
  package static func add(
    _ key: Key, requestHash: [UInt8], status: Int32, location: String?, entityTag: String?, body: [UInt8], at now: Instant,
    until expires: Instant, in place: Place
  ) -> Statement {
    let headers: [JSONObject.Member] = [
      location.map { .init(name: "Location", value: .string($0)) }, entityTag.map { .init(name: "ETag", value: .string($0)) },
    ].compactMap { $0 }
    let binds: [Bind] = [
      .uuid(key.user), .text(key.operation), .text(key.key), .bytea(requestHash), .int4(status),
      headers.isEmpty ? .null(.jsonb) : .json(.object(JSONObject(headers))), .bytea(body), .instant(now), .instant(expires),
    ]
    return switch place {
    case .office(let tenant):
      Statement(
        """
        INSERT INTO idempotency (principal, route, key, request_hash, status, headers, body, created_at, expires_at, tenant_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """, binds + [.int4(tenant.number)])
    case .platform:
      Statement(
        """
        INSERT INTO platform_idempotency (principal, route, key, request_hash, status, headers, body, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """, binds)
    }
  }

  package static func find(_ key: Key, in place: Place) -> Query<Stored> {
    let binds: [Bind] = [.uuid(key.user), .text(key.operation), .text(key.key)]
    return switch place {
    case .office(let tenant):
      Query(
        """
        SELECT request_hash, status, headers ->> 'Location', headers ->> 'ETag', body, expires_at FROM idempotency \
        WHERE principal = $1 AND route = $2 AND key = $3 AND tenant_id = $4
        """, binds + [.int4(tenant.number)], decode: stored)
    case .platform:
      Query(
        """
        SELECT request_hash, status, headers ->> 'Location', headers ->> 'ETag', body, expires_at FROM platform_idempotency \
        WHERE principal = $1 AND route = $2 AND key = $3
        """, binds, decode: stored)
    }
  }

  @Sendable private static func stored(_ row: Row) throws(DecodingFailure) -> Stored {
    Stored(
      requestHash: try row.bytea(0), status: try row.int32(1), location: try row.optional(2, row.text),
      entityTag: try row.optional(3, row.text), body: try row.bytea(4), expires: try row.instant(5))
  }

  /// Forgets the answers of a place whose time is over.
  package static func forgetExpired(at now: Instant, in place: Place) -> Statement {
    switch place {
    case .office(let tenant):
      Statement("DELETE FROM idempotency WHERE tenant_id = $1 AND expires_at <= $2", [.int4(tenant.number), .instant(now)])
    case .platform: Statement("DELETE FROM platform_idempotency WHERE expires_at <= $1", [.instant(now)])
    }
  }
}
