// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let ordersRebuild = Command(
    words: ["orders", "rebuild"],
    options: [
      Option(name: "--tenant", says: Text(zh: "只此单位", en: "this office only"), value: "CODE"),
      Option(name: "--check", says: Text(zh: "只检查，不修改", en: "only say what differs"), value: ""),
    ],
    says: Text(zh: "由经过重算工单现状，纠正不符之处", en: "recompute work orders from their histories and put right what differs")
  ) { invocation, configuration in
    let isCheck = invocation.option("--check") != nil
    let found = try await CommandSession.run(configuration) { session in
      var found: [(code: String, outcome: OrderRebuild.Outcome)] = []
      for tenant in try await session.tenants(named: invocation.option("--tenant")) {
        found.append((tenant.code, try await OrderRebuild(session: session, tenant: tenant.id, isCheck: isCheck).run()))
      }
      return found
    }
    if invocation.isForMachines {
      Output.json(
        .array(
          found.map {
            [
              "tenant": .string($0.code), "orders": .integer($0.outcome.orders),
              "differing": .array($0.outcome.differing.map { .string("\($0)") }),
            ]
          }))
    } else {
      let language = invocation.language
      var table = Table(
        Text(zh: "单位", en: "office")[language], Text(zh: "工单", en: "orders")[language], Text(zh: "不符", en: "differing")[language])
      for (code, outcome) in found { table.add(code, "\(outcome.orders)", "\(outcome.differing.count)") }
      Output.line(table.text)
    }
    return isCheck && found.contains { !$0.outcome.differing.isEmpty } ? .findings : .success
  }
}

/// Compares the orders of an office with what their histories come to.
private struct OrderRebuild: Sendable {
  struct Outcome: Sendable {
    var orders = 0
    var differing: [UUIDv7] = []
  }

  private static let batch: Int32 = 500

  let session: CommandSession
  let tenant: TenantID
  let isCheck: Bool

  func run() async throws -> Outcome {
    var outcome = Outcome()
    var after: UUIDv7?
    while true {
      let from = after
      // One view of both: an order that moves on meanwhile is compared as it was.
      let (orders, entries) = try await session.read(in: .tenant(tenant.number)) { transaction in
        let orders = try await transaction.query(OrderStore.rows(after: from, limit: Self.batch, in: tenant))
        return (orders, try await transaction.query(OrderEventStore.histories(after: from, limit: Self.batch, in: tenant)))
      }
      let histories = Dictionary(grouping: entries, by: \.order)
      var wrong: [WorkOrder] = []
      for order in orders {
        guard let known = WorkOrder(order.id, history: (histories[order.id] ?? []).map(\.entry)) else {
          throw Problem.brokenHistory(order.id)
        }
        if known != order { wrong.append(known) }
      }
      outcome.orders += orders.count
      outcome.differing += wrong.map(\.id)
      if !isCheck, !wrong.isEmpty {
        let mended = wrong
        try await session.write(in: .tenant(tenant.number)) { transaction in
          _ = try await transaction.rows(mended.map { OrderStore.rebuild($0, in: tenant) })
        }
      }
      guard orders.count == Int(Self.batch) else { return outcome }
      after = orders.last?.id
    }
  }
}

extension Problem {
  fileprivate static func brokenHistory(_ order: UUIDv7) -> Problem {
    Problem(
      status: 409, code: "broken-history", title: Text(zh: "经过不完整", en: "Broken history"),
      detail: Text(zh: "工单 \(order) 的经过不完整，无法重算。", en: "The history of order \(order) has a gap and comes to nothing."))
  }
}

extension CommandSession {
  /// The offices that a command is for: one, or all.
  ///
  /// - Throws: 404 where there is no office of that name.
  func tenants(named code: String?) async throws -> [TenantStore.Tenant] {
    let all = try await read { try await $0.query(TenantStore.page(after: nil, limit: .max)) }
    guard let code else { return all }
    guard let one = all.first(where: { $0.code == code }) else {
      throw Problem(
        status: 404, code: "not-found", title: Text(zh: "未找到", en: "Not found"),
        detail: Text(zh: "没有单位“\(code)”。", en: "There is no office “\(code)”."))
    }
    return [one]
  }
}
