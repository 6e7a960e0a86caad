// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What is asked on the way in of every request that is not remembered: who presents a session, and what they are in an office.
package struct AccessStore: Sendable {
  private let lanes: Lanes

  package init(lanes: Lanes) { self.lanes = lanes }

  /// Who presents a token; nil when the session has ended or its user is disabled.
  ///
  /// - Parameter tokenHash: SHA-256 of the token, 32 bytes.
  package func principal(tokenHash: [UInt8], at now: Instant) async throws(PostgresError) -> Principal? {
    try await lanes.first(SessionStore.principal(tokenHash: tokenHash, at: now), in: .platform)
  }

  /// The number of an office that is open; nil for others, and for codes that are none.
  package func tenant(code: String) async throws(PostgresError) -> TenantID? {
    try await lanes.first(TenantStore.active(code), in: .platform)
  }

  /// What a user is in an office; nil when no role of theirs holds there at that instant.
  package func membership(of user: UUIDv7, in tenant: TenantID, at now: Instant) async throws(PostgresError) -> Membership? {
    let rows = try await lanes.rows(MembershipStore.current(of: user, in: tenant, at: now), in: .tenant(tenant.number))
    do throws(DecodingFailure) {
      return try MembershipStore.current(from: rows, of: user, in: tenant, at: now)
    } catch {
      throw .decoding(error)
    }
  }
}
