// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What lint finds in a contract, and what the office says of it.
enum LintRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), acknowledge(services), withdraw(services)] }

  private static let report = Listing.named(["contract", "textVersion", "errors", "open", "acknowledged", "items"])

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/lint", .tenant(.contractRead),
      Operation(
        "lintContract",
        Text(zh: "合同自查：金额、日期、编号、互引、期限与后果", en: "What does not add up in a contract: amounts, dates, numbers, references, clocks"),
        answer: report)
    ) { call in
      let report = try await Self.report(call, services)
      var writer = JSONWriter(capacity: 1 << 14)
      writer.value(report.json)
      return Response.json(writer.bytes)
    }
  }

  private static func report(_ call: Call, _ services: Services) async throws -> LintReport {
    let tenant = try call.office.tenant
    let id = try call.variable(1)
    let reading = LintReading(of: id, in: tenant)
    guard
      let (contract, answers) = try await services.dossiers.contract(of: id, in: tenant, on: services.lanes, asking: reading.statements)
    else { throw Problem.notFound }
    return try reading.report(on: contract, answers)
  }

  // MARK: the office's word

  private static let word: Shape<String> = .object(
    "findingAcknowledgement", about: Text(zh: "认可一项发现的理由。", en: "Why the office lives with a finding."),
    Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func acknowledge(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/lint/{finding}/acknowledge", .tenant(.findingAcknowledge), body: word,
      Operation(
        "acknowledgeFinding", Text(zh: "认可一项发现；其数值改变后须重新认可", en: "Acknowledge a finding, as long as its values stay what they are"),
        answer: receipt, failures: [409])
    ) { call, reason in
      if let answer = try await Deed.earlier(for: call, on: services.lanes) { return answer }
      let finding = try await found(call, services)
      if finding.severity == .error {
        throw Problem.conflict(
          "is-error", Text(zh: "这是错误而非提示，须改正，不能认可。", en: "This is an error and no warning: it is mended, not acknowledged."))
      }
      let acknowledgement = Finding.Acknowledgement(
        finding: finding.id, seen: finding.standing, reason: reason, by: try call.principal.user, at: call.now)
      let office = try call.office
      return try await Deed(
        statements: [
          AcknowledgementStore.put(acknowledgement, of: call.variable(1), in: office.tenant),
          note(call, "finding.acknowledge", finding.id, reason, services),
        ], answer: receipt(finding.id, acknowledged: true)
      ).perform(for: call, on: services.lanes)
    }
  }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/lint/{finding}/withdraw", .tenant(.findingAcknowledge), body: word,
      Operation(
        "withdrawAcknowledgement", Text(zh: "撤回对一项发现的认可", en: "Take the acknowledgement of a finding back"), answer: receipt,
        failures: [409])
    ) { call, reason in
      if let answer = try await Deed.earlier(for: call, on: services.lanes) { return answer }
      let office = try call.office
      guard office.membership.side == .office else { throw Problem.forbidden(Permission.findingAcknowledge.rawValue) }
      let (contract, id) = (try call.variable(1), try call.variable(2))
      let deed = Deed(
        statements: [
          AcknowledgementStore.withdraw(id, of: contract, in: office.tenant), try note(call, "finding.withdraw", id, reason, services),
        ], answer: receipt(id, acknowledged: false))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed {
        throw Problem.notFound
      }
    }
  }

  /// The finding that the path names, among those there are now.
  private static func found(_ call: Call, _ services: Services) async throws -> Finding {
    let id = try call.variable(2)
    guard try call.office.membership.side == .office else { throw Problem.forbidden(Permission.findingAcknowledge.rawValue) }
    guard let found = try await report(call, services).findings.first(where: { $0.finding.id == id }) else { throw Problem.notFound }
    return found.finding
  }

  private static func note(_ call: Call, _ action: String, _ finding: String, _ reason: String, _ services: Services) throws -> Statement {
    try call.note(
      action, "contract", call.variable(1), ["finding": .string(finding), "reason": .string(reason)],
      id: services.identities.next(at: call.now))
  }

  private static let receipt = Listing.named(["finding", "acknowledged"])

  private static func receipt(_ finding: String, acknowledged: Bool) -> Response {
    var writer = JSONWriter(capacity: 96)
    writer.beginObject()
    writer.key("finding")
    writer.string(finding)
    writer.key("acknowledged")
    writer.bool(acknowledged)
    writer.endObject()
    return .json(writer.bytes)
  }
}
