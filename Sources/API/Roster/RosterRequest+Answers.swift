// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

// What leave and swaps have in common: who may decide, and how it is told.

extension RosterRequest {
  /// The members that every request has in answers.
  static let members = [
    "id", "reason", "state", "requestedBy", "requestedSide", "requestedAt", "decidedBy", "decidedAt", "note", "version",
  ]

  /// The question for those in one state.
  static let stateParameter = Operation.Parameter(
    "state", Text(zh: "只列此状态的", en: "In this state only"),
    schema: ["type": "string", "enum": .array(State.allCases.map { .string($0.rawValue) })])

  func writeMembers(to writer: inout JSONWriter) {
    writer.key("id")
    writer.uuid(id)
    writer.key("reason")
    writer.string(reason)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("requestedBy")
    writer.uuid(requestedBy)
    writer.key("requestedSide")
    writer.string(side.rawValue)
    writer.key("requestedAt")
    writer.instant(requestedAt)
    writer.key("decidedBy")
    if let decidedBy { writer.uuid(decidedBy) } else { writer.null() }
    writer.key("decidedAt")
    if let decidedAt { writer.instant(decidedAt) } else { writer.null() }
    writer.key("note")
    writer.optional(note)
    writer.key("version")
    writer.integer(version)
  }

  /// Refuses to do something to what is decided, or is not as the caller read it.
  func demand(_ states: Set<State>, _ tag: EntityTag) throws {
    guard states.contains(state) else { throw Problem.alreadyDecided(state.name) }
    guard Int64(version) == tag.version else { throw Problem.changedSince }
  }

  /// Refuses a decision by the other side than the one that decides, by who asked, or by one of those whom it is about.
  func demandDecider(_ side: Party, about people: [String], _ call: Call, _ services: Services) async throws {
    let (office, user) = (try call.office, try call.principal.user)
    guard office.membership.side.rawValue == side.rawValue else { throw Problem.notYourSideOfRoster }
    if requestedBy == user { throw Problem.ownRequest }
    let isOwn = try await services.lanes.first(StaffStore.isAny(of: people, user, in: office.tenant), in: .tenant(office.tenant.number))
    if isOwn ?? false { throw Problem.ownMatter }
  }

  /// Refuses to take back what another side asked for, or what another asked for of whoever does not plan.
  func demandAsker(_ call: Call) throws {
    guard try call.office.membership.side == side else { throw Problem.notYourSideOfRoster }
    if requestedBy != (try call.principal.user), !(try call.plansRosters) { throw Problem.forbidden(Permission.shiftWrite.rawValue) }
  }
}

extension Call {
  /// The answer to who has asked for something that is to be decided.
  ///
  /// - Parameter path: of the list within the office that it goes into.
  func receipt(asking id: UUIDv7, in path: String) throws -> Response {
    receipt(
      id, RosterRequest.State.requested.rawValue, version: 1, at: "/v1/tenants/\(try office.code)/\(path)/\(id)", status: .created)
  }

  /// Whether the caller plans shifts, and may ask for others than themselves.
  var plansRosters: Bool {
    get throws { try office.membership.may(.shiftWrite, scopes: principal.scopes, at: now) }
  }
}
