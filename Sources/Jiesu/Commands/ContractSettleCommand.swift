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
      let dossier = try await session.read(in: .tenant(tenant.id.number)) { transaction in
        try await Dossier.read(of: id, in: tenant.id, by: transaction)
      }
      guard let dossier else { throw Faults([.noContract(id)]) }
      do throws(SettlementError) {
        return try dossier.settlement(asOf: day ?? session.now.date).statement(of: invocation.arguments[2])
      } catch {
        throw Faults([Fault(code: error.code, detail: error.text)])
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
}
