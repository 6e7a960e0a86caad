// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The steps of a work order that say all they need in their bodies.
enum OrderStepRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      step(.signed, "signWorkOrder", OrderMove.nothing, services) { _ in .signed },
      step(.outsideRemit, "findWorkOrderOutsideRemit", OrderMove.reason, services) { .outsideRemit(reason: $0) },
      step(.returned, "returnWorkOrder", OrderMove.reason, services) { .returned(reason: $0) },
      step(.approvalAsked, "askWorkOrderApproval", OrderMove.reason, services) { .approvalAsked(reason: $0) },
      step(.approved, "approveWorkOrder", OrderMove.remarkOnly, services) { .approved(remark: $0) },
      step(.approvalRefused, "refuseWorkOrderApproval", OrderMove.reason, services) { .approvalRefused(reason: $0) },
      step(.handlingBegun, "beginWorkOrder", OrderMove.nothing, services) { _ in .handlingBegun },
      step(.urged, "urgeWorkOrder", OrderMove.demand, services) { .urged(remark: $0) },
      step(.progressReported, "reportWorkOrderProgress", OrderMove.progress, services) { .progressReported($0) },
      step(.citizenAwaited, "awaitWorkOrderCitizen", OrderMove.reason, services) { .citizenAwaited(reason: $0) },
      step(.citizenAnswered, "noteWorkOrderCitizenAnswered", OrderMove.remarkOnly, services) {
        .citizenAnswered(remark: $0)
      },
      step(.replied, "replyWorkOrder", OrderMove.reply, services) { .replied($0) },
      step(.audited, "auditWorkOrder", OrderMove.remarkOnly, services) { .audited(remark: $0) },
      step(.replyRejected, "rejectWorkOrderReply", OrderMove.reason, services) { .replyRejected(reason: $0) },
      step(.calledBack, "callBackWorkOrder", OrderMove.callback, services) { .calledBack($0) },
      step(.callbackFailed, "noteWorkOrderMissedCallback", OrderMove.remarkOnly, services) {
        .callbackFailed(remark: $0)
      },
      step(.closed, "closeWorkOrder", OrderMove.checklist, services) { .closed($0) },
      step(.archived, "archiveWorkOrder", OrderMove.checklist, services) { .archived($0) },
      step(.hung, "hangWorkOrder", OrderMove.reason, services) { .hung(reason: $0) },
      step(.resumed, "resumeWorkOrder", OrderMove.reason, services) { .resumed(reason: $0) },
      step(.exclusionAsked, "askWorkOrderExclusion", OrderMove.plea, services) { .exclusionAsked($0) },
      step(.exclusionDecided, "decideWorkOrderExclusion", OrderMove.verdict, services) { .exclusionDecided($0) },
      step(.appealed, "appealWorkOrder", OrderMove.plea, services) { .appealed($0) },
      step(.appealDecided, "decideWorkOrderAppeal", OrderMove.verdict, services) { .appealDecided($0) },
      step(.reopened, "reopenWorkOrder", OrderMove.reason, services) { .reopened(reason: $0) },
    ]
  }

  private static func step<Body: Sendable>(
    _ step: OrderStep, _ id: String, _ shape: Shape<Body>, _ services: Services, _ move: @escaping @Sendable (Body) -> OrderMove
  ) -> Route {
    Route(
      .post, .step(step), .tenant(step.permission), body: shape,
      Operation(
        id, Text(zh: "工单：\(step.title.zh)", en: "A work order's step: \(step.title.en)"), answer: OrderStepping.receipt,
        failures: [409, 422], entityTag: .required)
    ) { call, body in
      let move = move(body)
      let stepping = OrderStepping(call: call, services: services)
      let mentions = move.mentions
      guard !mentions.isEmpty else { return try await stepping.take(step) { _, _ in (move, []) } }
      let tenant = try call.office.tenant
      let media = OrderMedia(mentions: mentions, rule: try await services.clocks.clocks(of: tenant, on: services.lanes).media)
      let attachments = media.attachments
      let read = AttachmentStore.kinds(of: attachments, on: try call.identifier(1), in: tenant)
      return try await stepping.take(step, asking: attachments.isEmpty ? [] : [read.statement]) { order, answers in
        let known = attachments.isEmpty ? [] : try answers[0].decoded(by: read)
        let faults = media.faults(Dictionary(known.map { ($0.id, $0.kind) }) { first, _ in first })
        guard faults.isEmpty else { throw Problem(Faults(faults)) }
        return (move, try media.ledger(order, step, call, services))
      }
    }
  }
}

extension PathTemplate {
  /// Where a step of a work order is taken.
  static func step(_ step: OrderStep) -> PathTemplate {
    PathTemplate(stringLiteral: "/v1/tenants/{tenant}/work-orders/{order}/\(step.verb ?? step.rawValue)")
  }
}
