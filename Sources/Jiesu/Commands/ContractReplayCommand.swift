// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Command {
  static let contractReplay = Command(
    words: ["contract", "replay"], arguments: ["TENANT", "CONTRACT", "[PERIOD]"],
    says: Text(
      zh: "由事实与文本重算已确认的结算单，比对摘要；不指明则重算全部",
      en: "settle confirmed statements again and compare digests; all of a contract's unless one is named")
  ) { invocation, configuration in
    let id = invocation.arguments[1]
    let period = invocation.arguments.count > 2 ? invocation.arguments[2] : nil
    let replays = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      return try await session.read(in: .tenant(tenant.id.number)) { transaction in
        guard try await transaction.first(ContractStore.one(id, in: tenant.id)) != nil else { throw Faults([.noContract(id)]) }
        let names = try await transaction.query(SnapshotStore.names(in: tenant.id)).filter { name in
          name.contract == id && (period == nil || name.payment == period)
        }
        if let period, names.isEmpty {
          throw Faults([
            Fault(
              code: "not-confirmed", detail: Text(zh: "“\(period)”没有已确认的结算单。", en: "There is no confirmed statement of “\(period)”."))
          ])
        }
        var replays: [SettlementReplay] = []
        for name in names {
          guard let stored = try await transaction.first(SnapshotStore.one(name)) else { continue }
          replays.append(try await SettlementReplay.run(stored, as: name, by: transaction))
        }
        return replays
      }
    }
    if invocation.isForMachines {
      var writer = JSONWriter(capacity: 4096)
      writer.beginArray()
      for replay in replays { replay.write(of: id, to: &writer) }
      writer.endArray()
      Output.line(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      show(replays, in: invocation.language)
    }
    return replays.allSatisfy(\.isEqual) ? .success : .findings
  }

  private static func show(_ replays: [SettlementReplay], in language: Language) {
    guard !replays.isEmpty else {
      return Output.line(Text(zh: "没有已确认的结算单", en: "no statement is confirmed")[language])
    }
    var table = Table(
      Text(zh: "账期", en: "period")[language], Text(zh: "结果", en: "result")[language], "SHA-256", Text(zh: "说明", en: "detail")[language])
    for replay in replays {
      let digest = String(Hex.encode(replay.stored).prefix(16))
      if replay.isEqual { table.add(replay.payment, Text(zh: "一致", en: "equal")[language], digest, "") }
      for finding in replay.findings {
        table.add(replay.payment, Text(zh: "不符", en: "WRONG")[language], digest, finding.text[language])
      }
    }
    Output.line(table.text)
  }
}
