// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let contractObligations = Command(
    words: ["contract", "obligations"], arguments: ["TENANT", "CONTRACT"],
    options: [
      Option(
        name: "--at", says: Text(zh: "按哪一天终了时的状况；默认此刻", en: "as things stood when that day was over; now unless told"), value: "DATE"),
      Option(name: "--side", says: Text(zh: "只列由此方履行的：office、vendor", en: "of one side only: office, vendor"), value: "SIDE"),
      Option(
        name: "--only", says: Text(zh: "只列此状态的：pending、met、missed、deemed、waived", en: "in one state: pending, met, missed, deemed, waived"),
        value: "STATE"),
    ],
    says: Text(zh: "列出双方的各项义务：期限及其算法、条款、状态", en: "list what either side owes: until when and why, clause, state")
  ) { invocation, configuration in
    let day = try invocation.date("--at")
    let side: Party? = try invocation.word("--side")
    let state: Obligation.State? = try invocation.word("--only")
    let id = invocation.arguments[1]
    let (now, obligations) = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      let dossier = try await session.read(in: .tenant(tenant.id.number)) { transaction in
        try await Dossier.read(of: id, in: tenant.id, by: transaction)
      }
      guard let dossier else { throw Faults([.noContract(id)]) }
      let now = try day.map { try Instant($0.adding(days: 1)) } ?? session.now
      do throws(SettlementError) {
        return (now, try dossier.settlement(asOf: now.date).obligations(at: now))
      } catch {
        throw Faults([Fault(code: error.code, detail: error.text)])
      }
    }
    let asked = obligations.filter { obligation in
      state.map { obligation.state == $0 } ?? true && side.map(obligation.bearer.includes) ?? true
    }
    if invocation.isForMachines {
      Output.line(String(decoding: json(asked, on: now.date), as: UTF8.self))
    } else {
      Output.line(ObligationTable(obligations: asked, language: invocation.language).text)
    }
    return .success
  }

  private static func json(_ obligations: [Obligation], on day: CivilDate) -> [UInt8] {
    var writer = JSONWriter(capacity: 4096)
    writer.beginArray()
    for obligation in obligations {
      writer.beginObject()
      obligation.writeMembers(on: day, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    return writer.bytes
  }
}

extension Invocation {
  /// An option that is one of a list of words.
  fileprivate func word<Word: RawRepresentable & CaseIterable>(_ name: String) throws -> Word? where Word.RawValue == String {
    guard let text = option(name) else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError(Text(zh: "\(name) 须为：\(known)", en: "\(name) is one of: \(known)"))
    }
    return word
  }
}

/// Obligations as people read them, a line for each.
private struct ObligationTable {
  let obligations: [Obligation]
  let language: Language

  var text: String {
    var table = Table(
      Text(zh: "最后一日", en: "last day")[language], Text(zh: "状态", en: "state")[language], Text(zh: "由谁", en: "whose")[language],
      Text(zh: "义务", en: "obligation")[language], Text(zh: "条款", en: "clause")[language], Text(zh: "内容", en: "says")[language])
    for obligation in obligations {
      table.add(
        obligation.date.map { "\($0.lastDay)" } ?? "—", obligation.state.title[language], obligation.bearer.name[language], obligation.id,
        obligation.citation.clause, obligation.citation.says[language])
    }
    return table.text
  }
}

extension Obligation.State {
  fileprivate var title: Text {
    switch self {
    case .pending: Text(zh: "待履行", en: "pending")
    case .met: Text(zh: "已履行", en: "met")
    case .missed: Text(zh: "逾期", en: "missed")
    case .deemed: Text(zh: "视同", en: "deemed")
    case .waived: Text(zh: "已免除", en: "waived")
    }
  }
}
