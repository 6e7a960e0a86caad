// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let contractSimulate = Command(
    words: ["contract", "simulate"], arguments: ["TENANT", "CONTRACT", "FILE"],
    says: Text(
      zh: "假定文件中的事实，比较有无假定的各期结算；不记录", en: "assume a file's facts and compare the settlements with and without them; records nothing")
  ) { invocation, configuration in
    let id = invocation.arguments[1]
    guard let scenario = try Files.decoded(Scenario.shape, in: invocation.arguments[2]).first?.value else {
      throw Faults([Fault(code: "missing-file", detail: Text(zh: "没有情景文件。", en: "There is no file with a scenario."))])
    }
    let comparison = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      let dossier = try await session.read(in: .tenant(tenant.id.number)) { transaction in
        try await Dossier.read(of: id, in: tenant.id, by: transaction)
      }
      guard let dossier else { throw Faults([.noContract(id)]) }
      do throws(SettlementError) {
        let faults: [Fault]
        do throws(ScheduleError) {
          faults = try scenario.faults(under: dossier.contract, packs: dossier.packs, recorded: dossier.facts, at: session.now)
        } catch {
          throw .schedule(error)
        }
        guard faults.isEmpty else { return Result<Comparison, Faults>.failure(Faults(faults)) }
        return .success(try dossier.comparison(of: scenario, at: session.now))
      } catch {
        return .failure(Faults([Fault(code: error.code, detail: error.text)]))
      }
    }.get()
    if invocation.isForMachines {
      var writer = JSONWriter(capacity: 1 << 15)
      try comparison.write(to: &writer)
      Output.line(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      Output.text(try comparison.rendered(in: invocation.language))
    }
    return .success
  }
}
