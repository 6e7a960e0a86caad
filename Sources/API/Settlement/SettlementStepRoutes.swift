// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The steps of a statement's life: each by the side it belongs to, from the version that the caller has read.
enum SettlementStepRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      route(.propose, .settlementPropose, proposal, Text(zh: "提出结算单，待两人确认", en: "Propose a statement for two to confirm"), services),
      route(.withdraw, .settlementPropose, remark, Text(zh: "撤回尚未确认的结算单", en: "Withdraw a statement that is not confirmed"), services),
      route(
        .confirm, .settlementConfirm, remark,
        Text(zh: "确认结算单；第二人确认后冻结快照", en: "Confirm a statement; the second person's confirmation freezes it"), services),
      route(.acknowledge, .settlementAcknowledge, remark, Text(zh: "乙方认可结算单", en: "Acknowledge a statement, as the vendor"), services),
      route(.dispute, .settlementAcknowledge, dispute, Text(zh: "乙方提出异议", en: "Dispute a statement, as the vendor"), services),
      route(.answer, .settlementPropose, answer, Text(zh: "答复乙方的异议", en: "Answer the vendor's dispute"), services),
      route(.close, .settlementClose, remark, Text(zh: "付清后办结", en: "Close a statement that is paid"), services),
    ]
  }

  /// What a step says beside being taken.
  struct Saying: Sendable {
    var note: String?
    var asOf: CivilDate?
  }

  private static let words = Shape<String>.string(minLength: 1, maxLength: 4000)
  private static let remark: Shape<Saying> = .object(
    "settlementRemark", about: Text(zh: "可附说明。", en: "A note may go with it."), Field(optional: "note", words)
  ) { Saying(note: $0) }
  private static let proposal: Shape<Saying> = .object(
    "settlementProposal", about: Text(zh: "按哪一天的已知事实；默认今日。", en: "As known on which day; today unless told."),
    Field(optional: "asOf", .date), Field(optional: "note", words)
  ) { Saying(note: $1, asOf: $0) }
  private static let dispute: Shape<Saying> = .object(
    "settlementDispute", about: Text(zh: "异议的理由。", en: "Why it is disputed."), Field("reason", words)
  ) { Saying(note: $0) }
  private static let answer: Shape<Saying> = .object(
    "settlementAnswer", about: Text(zh: "对异议的答复。", en: "The answer to a dispute."), Field("answer", words)
  ) { Saying(note: $0) }

  private static func route(
    _ step: SettlementLife.Step, _ permission: Permission, _ body: Shape<Saying>, _ summary: Text, _ services: Services
  ) -> Route {
    let path: PathTemplate =
      switch step {
      case .propose: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/propose"
      case .withdraw: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/withdraw"
      case .confirm: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/confirm"
      case .acknowledge: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/acknowledge"
      case .dispute: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/dispute"
      case .answer: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/answer"
      case .close: "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/close"
      }
    return Route(
      .post, path, .tenant(permission), body: body,
      Operation(
        "\(step.rawValue)Settlement", summary, answer: Listing.named(["payment", "state", "version", "confirmations"]), failures: [409],
        entityTag: .required)
    ) { call, saying in
      try await take(step, saying, call, services)
    }
  }

  /// How often a step is judged anew when the record moves on under it.
  private static let attempts = 8

  private static func take(_ step: SettlementLife.Step, _ saying: Saying, _ call: Call, _ services: Services) async throws -> Response {
    let tag = try EntityTag.required(by: call.request)
    for _ in 1...attempts {
      let deed: Deed
      do {
        deed = try await SettlementStep(step, saying, tag, call, services).deed()
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        if error.state == .changed { throw Problem.changedSince }
        // What was recorded meanwhile is taken into account; what comes later is a correction.
        guard error.state == .recordMoved || error.violatesUnique(SnapshotStore.placeConstraint) else { throw error }
      }
    }
    throw Problem.overloaded
  }
}
