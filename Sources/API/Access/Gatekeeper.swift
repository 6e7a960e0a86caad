// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Finds out who a request comes from, and what they are in the office it names.
package struct Gatekeeper: Sendable {
  private let lanes: Lanes
  private let cache: AccessCache

  package init(lanes: Lanes, cache: AccessCache) {
    self.lanes = lanes
    self.cache = cache
  }

  /// Who presents the session of a request.
  ///
  /// A bearer token goes before a cookie; a cookie counts for a change only from a page of ours.
  /// - Throws: 401 without a session that holds at `now`; 403 for a change from a foreign page.
  func principal(of request: Request, at now: Instant) async throws -> Principal {
    guard let (hash, presentation) = try Self.tokenHash(of: request) else { throw Problem.noSession }
    let principal = try await principal(hash, at: now)
    guard principal.presentation == presentation, now < principal.expires else { throw Problem.noSession }
    if presentation == .cookie, !request.method.isSafe, !SessionCookie.isFromOurPage(request) { throw Problem.foreignOrigin }
    return principal
  }

  /// The hash of the token that a request presents, and how it does.
  static func tokenHash(of request: Request) throws -> (hash: [UInt8], presentation: Principal.Presentation)? {
    if let token = request.bearerToken { return (try SHA256.digest(of: Array(token)), .bearer) }
    if let token = SessionCookie.token(in: request) { return (try SHA256.digest(of: Array(token)), .cookie) }
    return nil
  }

  private func principal(_ hash: [UInt8], at now: Instant) async throws -> Principal {
    if let known = cache.principal(hash) { return known }
    let ticket = cache.ticket()
    guard let principal = try await lanes.first(SessionStore.principal(tokenHash: hash, at: now), in: .platform) else {
      throw Problem.noSession
    }
    cache.keep(principal, for: hash, ticket)
    return principal
  }

  /// The office of a code, as the principal belongs to it.
  ///
  /// - Throws: 404 where there is no such office or it is not the principal's: the two cannot be told apart.
  func office(_ code: String, of principal: Principal, at now: Instant) async throws -> Call.Office {
    try await office(code, ofUser: principal.user, at: now)
  }

  /// The office of a code, as a user belongs to it.
  ///
  /// - Throws: as ``office(_:of:at:)``.
  func office(_ code: String, ofUser user: UUIDv7, at now: Instant) async throws -> Call.Office {
    let ticket = cache.ticket()
    guard let tenant = try await tenant(code, ticket) else { throw Problem.notFound }
    if let known = cache.membership(user, tenant), known.ends.map({ now < $0 }) ?? true {
      return Call.Office(tenant: tenant, code: code, membership: known)
    }
    let rows = try await lanes.rows(MembershipStore.current(of: user, in: tenant, at: now), in: .tenant(tenant.number))
    guard let membership = try MembershipStore.current(from: rows, of: user, in: tenant, at: now) else { throw Problem.notFound }
    cache.keep(membership, ticket)
    return Call.Office(tenant: tenant, code: code, membership: membership)
  }

  /// The number of an open office; nil where there is none of that code.
  func tenant(_ code: String) async throws -> TenantID? { try await tenant(code, cache.ticket()) }

  private func tenant(_ code: String, _ ticket: AccessCache.Ticket) async throws -> TenantID? {
    if let known = cache.tenant(code) { return known }
    guard let tenant = try await lanes.first(TenantStore.active(code), in: .platform) else { return nil }
    cache.keep(tenant, for: code, ticket)
    return tenant
  }
}
