// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Synchronization

/// What this process remembers of sessions, tenants and memberships, so that a request does not ask for them again.
///
/// It is trusted only while a connection listens for the database's notices of change (channel `jiesu_access`): whatever could
/// have been missed is forgotten, and while nobody listens nothing is remembered. What is read while a notice arrives is not kept.
package final class AccessCache: Sendable {
  private struct MemberKey: Hashable {
    let user: UUIDv7
    let tenant: TenantID
  }

  /// A token's hash in a form that is quick to look up.
  private struct TokenKey: Hashable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ hash: [UInt8]) {
      func word(_ place: Int) -> UInt64 { hash.dropFirst(place * 8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
      words = (word(0), word(1), word(2), word(3))
    }

    static func == (one: TokenKey, other: TokenKey) -> Bool { one.words == other.words }

    // Whoever could choose its bits would have broken SHA-256.
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
  }

  private struct State {
    var isListening = false
    /// Counts the notices; a value read under an older count is not kept.
    var notices: UInt64 = 0
    var principals: [TokenKey: Principal] = [:]
    var tenants: [String: TenantID] = [:]
    var memberships: [MemberKey: Membership] = [:]
  }

  /// How many of a kind are kept before all of that kind are dropped.
  private static let bound = 50_000

  private let state = Mutex(State())

  package init() {}

  /// Taken before something is read from the database, given back with what was read.
  struct Ticket: Sendable { fileprivate let notices: UInt64 }

  func ticket() -> Ticket { state.withLock { Ticket(notices: $0.notices) } }

  // MARK: What the listener says

  /// Nothing was remembered before, and from now on notices arrive.
  package func startedListening() {
    forgetEverything()
    state.withLock { $0.isListening = true }
  }

  /// Notices may be missed from now on.
  package func stoppedListening() {
    state.withLock { $0.isListening = false }
    forgetEverything()
  }

  /// Forgets what a notice says has changed: `user:<uuid>`, `tenant:<number>`; anything else forgets everything.
  package func heard(_ notice: String) {
    let parts = notice.split(separator: ":", maxSplits: 1)
    if parts.count == 2, parts[0] == "user", let user = UUIDv7(parts[1]) {
      forget(user)
    } else if parts.count == 2, parts[0] == "tenant", let number = Int32(parts[1]) {
      state.withLock { state in
        state.notices += 1
        state.tenants = state.tenants.filter { $0.value.number != number }
        state.memberships = state.memberships.filter { $0.key.tenant.number != number }
      }
    } else {
      forgetEverything()
    }
  }

  // MARK: What this process has changed itself
  // The notice of it arrives too, but perhaps only after the answer to the change: by then it must count here.

  /// Forgets a user's sessions and memberships.
  func forget(_ user: UUIDv7) {
    state.withLock { state in
      state.notices += 1
      state.principals = state.principals.filter { $0.value.user != user }
      state.memberships = state.memberships.filter { $0.key.user != user }
    }
  }

  /// Forgets an office by its code, and everybody's memberships.
  func forget(office code: String) {
    state.withLock { state in
      state.notices += 1
      state.tenants[code] = nil
      state.memberships = [:]
    }
  }

  private func forgetEverything() {
    state.withLock { state in
      state.notices += 1
      state.principals = [:]
      state.tenants = [:]
      state.memberships = [:]
    }
  }

  // MARK: Sessions

  func principal(_ tokenHash: [UInt8]) -> Principal? { state.withLock { [key = TokenKey(tokenHash)] in $0.principals[key] } }

  func keep(_ principal: Principal, for tokenHash: [UInt8], _ ticket: Ticket) {
    keep(ticket) { Self.keep(principal, as: TokenKey(tokenHash), in: &$0.principals) }
  }

  // MARK: Tenants

  func tenant(_ code: String) -> TenantID? { state.withLock { $0.tenants[code] } }

  func keep(_ tenant: TenantID, for code: String, _ ticket: Ticket) {
    keep(ticket) { Self.keep(tenant, as: code, in: &$0.tenants) }
  }

  // MARK: Memberships

  func membership(_ user: UUIDv7, _ tenant: TenantID) -> Membership? {
    state.withLock { $0.memberships[MemberKey(user: user, tenant: tenant)] }
  }

  func keep(_ membership: Membership, _ ticket: Ticket) {
    keep(ticket) { Self.keep(membership, as: MemberKey(user: membership.user, tenant: membership.tenant), in: &$0.memberships) }
  }

  private func keep(_ ticket: Ticket, _ change: (inout State) -> Void) {
    state.withLock { state in
      guard state.isListening, state.notices == ticket.notices else { return }
      change(&state)
    }
  }

  private static func keep<Key, Value>(_ value: Value, as key: Key, in kept: inout [Key: Value]) {
    if kept.count >= bound { kept = [:] }
    kept[key] = value
  }
}
