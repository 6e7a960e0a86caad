// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let contractSettle = Command(
    words: ["contract", "settle"], arguments: ["TENANT", "CONTRACT", "PERIOD"],
    options: [
      Option(name: "--as-of", says: Text(zh: "按哪一天已知的事实；默认今日", en: "as known on which day; today unless told"), value: "DATE")
    ],
    says: Text(zh: "打印一期的结算单：逐项金额、条款、算式、到期日", en: "print a period's statement: lines with clauses and formulas, the due date")
  ) { invocation, configuration in
    let day = try invocation.date("--as-of")
    let id = invocation.arguments[1]
    let statement = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      let name = SettlementStore.Name(tenant: tenant.id, contract: id, payment: invocation.arguments[2])
      return try await session.read(in: .tenant(tenant.id.number)) { transaction in
        guard let dossier = try await Dossier.read(of: id, in: tenant.id, by: transaction) else { throw Faults([.noContract(id)]) }
        do throws(SettlementError) {
          let settlement = try dossier.settlement(asOf: day ?? session.now.date)
          if !settlement.isConfirmed(name.payment) { return try settlement.statement(of: name.payment) }
        } catch {
          throw Faults([Fault(code: error.code, detail: error.text)])
        }
        return try await confirmed(name, by: transaction)
      }
    }
    if invocation.isForMachines {
      var writer = JSONWriter(capacity: 8192)
      statement.write(to: &writer)
      Output.line(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      Output.text(statement.rendered(in: invocation.language))
    }
    return .success
  }

  /// A confirmed statement as it was confirmed: settled again from what it rests on, and proved the same by its digest.
  private static func confirmed(_ name: SettlementStore.Name, by transaction: Transaction) async throws -> SettlementStatement {
    guard let stored = try await transaction.first(SnapshotStore.one(name)) else { throw Faults([.noContract(name.contract)]) }
    let replay = try await SettlementReplay.run(stored, as: name, by: transaction)
    guard replay.isEqual, let statement = replay.statement else {
      throw Faults(replay.findings.map { Fault(code: $0.code, detail: $0.text) })
    }
    return statement
  }
}
