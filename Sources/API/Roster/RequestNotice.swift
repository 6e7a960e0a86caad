// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What is told of a request: to whoever may decide it that it waits, to who asked what became of it.
///
/// It says what a request is about in time, and neither of whom nor why: that is read in the request, by the rights to it.
struct RequestNotice: Sendable {
  enum Kind: String, Sendable {
    case leave, swap
    case leaveReturn = "leave-return"
    case correction = "mark-correction"

    /// What a reader of the request must hold.
    fileprivate var reading: Permission { self == .correction ? .attendanceRead : .shiftRead }
    fileprivate var deciding: Permission { self == .correction ? .attendanceDecide : .rosterDecide }
  }

  let kind: Kind
  /// Of the request.
  let id: UUIDv7
  /// The contract that it hangs on.
  var contract: String?
  /// The vendor whose people it is about, where it hangs on no contract.
  var vendor: String?
  let data: JSONObject

  /// Tells those of the deciding side who may decide; not who has asked, who may not.
  ///
  /// - Parameter asker: nil where that is the caller.
  func waits(for side: Party, besides asker: UUIDv7? = nil, _ call: Call, _ services: Services) throws -> Statement {
    try tell(
      RosterRequest.State.requested.rawValue, side == .office ? .office : .vendor,
      NoticeStore.Among(vendor: vendor, besides: asker ?? call.principal.user), kind.deciding, call, services)
  }

  /// Tells somebody of the asking side that it waits for their word.
  func asks(_ user: UUIDv7, of side: Side, _ call: Call, _ services: Services) throws -> Statement {
    try tell("asked", to: user, of: side, call, services)
  }

  /// Tells who asked that somebody else who is in it agrees.
  func agreed(to request: RosterRequest, _ call: Call, _ services: Services) throws -> Statement {
    try tell("agreed", to: request.requestedBy, of: request.side, call, services)
  }

  /// Tells who asked what another has made of it.
  func became(_ state: RosterRequest.State, of request: RosterRequest, _ call: Call, _ services: Services) throws -> [Statement] {
    guard request.requestedBy != (try call.principal.user) else { return [] }
    return [try tell(state.rawValue, to: request.requestedBy, of: request.side, call, services)]
  }

  private func tell(_ word: String, to user: UUIDv7, of side: Side, _ call: Call, _ services: Services) throws -> Statement {
    try tell(word, side == .office ? .office : .vendor, NoticeStore.Among(user: user), kind.reading, call, services)
  }

  private func tell(
    _ word: String, _ audience: NoticeStore.Audience, _ among: NoticeStore.Among, _ permission: Permission, _ call: Call,
    _ services: Services
  ) throws -> Statement {
    NoticeStore.add(
      [
        NoticeStore.New(
          id: services.identities.next(at: call.now), kind: "\(kind.rawValue).\(word)", subject: "\(id)", data: .object(data))
      ], about: kind.rawValue, of: contract, to: audience, among, needing: permission,
      at: call.now, in: try call.office.tenant)
  }
}
