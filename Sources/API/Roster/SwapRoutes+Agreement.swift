// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

// Those who are in a swap and did not ask for it: it waits for their word before anybody may approve it.

extension SwapRoutes {
  static func agree(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps/{swap}/agree", .tenant(.rosterPropose),
      Operation(
        "agreeToSwap", Text(zh: "换班的对方同意，其后方可批准", en: "Agree to a swap as one of the two; then it may be approved"), answer: decided,
        failures: [409], entityTag: .required)
    ) { call in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        let (mine, others) = try answering(row, tag, call)
        let id = row.request.id
        let notice = notice(id, row.duty)
        var statements = [
          SwapStore.agree(mine.map(\.part), to: row, at: call.now, in: try call.office.tenant),
          try call.note("swap.agree", "swap", "\(id)", id: services.identities.next(at: call.now)),
          try notice.agreed(to: row.request, call, services),
        ]
        if others.isEmpty {
          let side = try await RosterDesk(call, services).side(deciding: \.swap, on: row.duty.interval.lowerBound.date)
          statements.append(try notice.waits(for: side, besides: row.request.requestedBy, call, services))
        }
        return Deed(
          statements: statements, answer: call.receipt(id, RosterRequest.State.requested.rawValue, version: tag.version + 1))
      }
    }
  }

  static func refuse(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps/{swap}/refuse", .tenant(.rosterPropose), body: ShiftBody.note,
      Operation(
        "refuseSwap", Text(zh: "换班的对方不同意，申请随之驳回", en: "Refuse a swap as one of the two: it is rejected"), answer: decided, failures: [409],
        entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        _ = try answering(row, tag, call)
        return try deed(.rejected, row, note, [], planned: nil, call, services)
      }
    }
  }

  /// Those of whom a swap waits for the word: the caller's own, and the others'.
  ///
  /// - Throws: 403 where it does not wait for the caller's; 409 where it is decided, 412 where it is not as the caller read it.
  private static func answering(
    _ row: SwapStore.Row, _ tag: EntityTag, _ call: Call
  ) throws -> (mine: [SwapStore.Asked], others: [SwapStore.Asked]) {
    try row.request.demand([.requested], tag)
    let user = try call.principal.user
    let mine = row.awaited.filter { $0.user == user }
    guard !mine.isEmpty else { throw Problem.notAsked }
    return (mine, row.awaited.filter { $0.user != user })
  }
}

extension Problem {
  /// 403: a swap does not wait for the caller's word.
  fileprivate static let notAsked = Problem(
    status: 403, code: "not-asked", title: Text(zh: "不待您答复", en: "Not yours to answer"),
    detail: Text(zh: "此次换班不待您同意。", en: "This swap does not wait for your agreement."))

  /// 409: those who are in a swap have not agreed to it.
  static func notAgreed(_ people: [String]) -> Problem {
    let names = people.joined(separator: ", ")
    return .conflict("not-agreed", Text(zh: "尚待 \(names) 同意。", en: "\(names) must agree first."))
  }
}
