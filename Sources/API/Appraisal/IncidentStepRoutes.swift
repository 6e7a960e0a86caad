// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What becomes of a proposed incident: answered by the vendor, confirmed or rejected by the office, disputed and decided.
enum IncidentStepRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/evidence", .incidentPropose, IncidentBody.moreEvidence, "addIncidentEvidence",
        Text(zh: "为待定或有异议的事项补充证据", en: "Add evidence to an incident that is proposed or disputed"), services
      ) { step, evidence in try step.addEvidence(evidence) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/answer", .incidentDispute, IncidentBody.answer, "answerIncident",
        Text(zh: "乙方答复一条待定事项", en: "Answer a proposed incident, as the vendor"), services
      ) { step, answer in try step.answer(answer) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/confirm", .incidentDecide, IncidentBody.confirmation, "confirmIncident",
        Text(
          zh: "确认一条违约事项，使其计入结算；金额、分数由甲方裁量的，须两人先后确认",
          en: "Confirm an incident, so that it counts; where the contract leaves an amount or points open, two people confirm"), services
      ) { step, body in try await step.confirm(body) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/reject", .incidentDecide, IncidentBody.rejection, "rejectIncident",
        Text(zh: "驳回一条违约事项", en: "Reject an incident"), services
      ) { step, note in try step.reject(note) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/dispute", .incidentDispute, IncidentBody.dispute, "disputeIncident",
        Text(zh: "乙方对已确认的事项提出异议", en: "Dispute a confirmed incident, as the vendor"), services
      ) { step, saying in try step.dispute(saying) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/uphold", .incidentDecide, IncidentBody.ruling, "upholdIncident",
        Text(zh: "驳回异议，维持确认；须由确认人以外的人作出", en: "Decide a dispute for the incident; not whoever confirmed it"), services
      ) { step, reason in try step.uphold(reason) },
      route(
        .post, "/v1/tenants/{tenant}/incidents/{incident}/reverse", .incidentDecide, IncidentBody.ruling, "reverseIncident",
        Text(zh: "撤销已确认的事项；已计入已确认结算单的，列为下期更正", en: "Take a confirmed incident back; a confirmed statement is corrected by the next"),
        services
      ) { step, reason in try step.reverse(reason) },
    ]
  }

  private static func route<Body: Sendable>(
    _ method: Method, _ path: PathTemplate, _ permission: Permission, _ body: Shape<Body>, _ operation: String, _ summary: Text,
    _ services: Services, _ taking: @escaping @Sendable (IncidentStep, Body) async throws -> IncidentStep.Judged
  ) -> Route {
    Route(
      method, path, .tenant(permission), body: body,
      Operation(operation, summary, answer: IncidentRoutes.receipt, failures: [409], entityTag: .required)
    ) { call, body in
      let tag = try EntityTag.required(by: call.request)
      let judged: IncidentStep.Judged
      do {
        judged = try await judge(IncidentStep(tag, call, services), body, taking)
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
      let id = try call.identifier(1)
      let note = try call.note("incident.\(judged.action)", "incident", "\(id)", judged.data, id: services.identities.next(at: call.now))
      let deed = Deed(
        statements: judged.statements + [note],
        answer: IncidentRoutes.receipt(id, judged.state, version: tag.version + 1, at: nil, status: .ok))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        if error.state == .changed { throw Problem.changedSince }
        if error.state == .periodConfirmed { throw Problem.periodConfirmed(judged.period ?? "") }
        throw error
      }
    }
  }

  /// What a step comes to; who may not take it in any version hears that, and not that the version has passed.
  private static func judge<Body: Sendable>(
    _ step: IncidentStep, _ body: Body, _ taking: (IncidentStep, Body) async throws -> IncidentStep.Judged
  ) async throws -> IncidentStep.Judged {
    do {
      let judged = try await taking(step, body)
      guard step.isCurrent else { throw Problem.changedSince }
      return judged
    } catch let problem as Problem where problem.status == 422 && !step.isCurrent {
      throw Problem.changedSince
    }
  }
}
