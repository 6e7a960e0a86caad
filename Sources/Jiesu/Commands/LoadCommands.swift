// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Command {
  static let calendarLoad = Command(
    words: ["calendar", "load"], arguments: ["PATH"],
    says: Text(zh: "载入工作日历（一个文件或一个目录）", en: "load working calendars, from a file or a directory")
  ) { invocation, configuration in
    let years = try Files.decoded(CalendarYear.shape, in: invocation.arguments[0])
    let loaded = try await CommandSession.run(configuration) { session in
      try await session.write { transaction in
        let before = try await transaction.query(CalendarStore.years())
        let days = try await transaction.query(CalendarStore.days())
        var all = Dictionary(CalendarStore.assemble(before, days).map { ($0.year, $0) }) { first, _ in first }
        for (year, _, _) in years { all[year.year] = year }
        do throws(CalendarError) {
          _ = try WorkingCalendar(all.values)
        } catch {
          throw Faults([Fault(code: error.code, detail: error.text)])
        }
        var notes = CommandNotes(session)
        var results: [Loaded] = []
        for (year, json, _) in years.sorted(by: { $0.value.year < $1.value.year }) {
          let checksum = try SHA256.digest(of: json.canonical)
          let known = before.first { Int($0.year) == year.year }
          results.append(
            Loaded(name: "\(year.year)", from: nil, outcome: known.map { $0.checksum == checksum ? .same : .changed } ?? .added))
          if known?.checksum == checksum { continue }
          _ = try await transaction.rows(
            CalendarStore.put(year, checksum: checksum, at: session.now)
              + [notes.platform("calendar.load", "calendar", "\(year.year)")])
        }
        return results
      }
    }
    Loaded.show(loaded, Text(zh: "年份", en: "year"), invocation)
    return .success
  }

  static let rulePackLoad = Command(
    words: ["rule-pack", "load"], arguments: ["PATH"],
    says: Text(zh: "载入市级规定（一个文件或一个目录）", en: "load what the city decides, from a file or a directory")
  ) { invocation, configuration in
    let packs = try Files.decoded(RulePack.shape, in: invocation.arguments[0])
    let loaded = try await CommandSession.run(configuration) { session in
      try await session.write { transaction in
        let before = try await transaction.query(RulePackStore.latest())
        var notes = CommandNotes(session)
        var results: [Loaded] = []
        for (pack, json, _) in packs {
          let checksum = try SHA256.digest(of: json.canonical)
          let known = before.first { $0.code == pack.id }
          results.append(
            Loaded(name: pack.id, from: pack.from, outcome: known.map { $0.checksum == checksum ? .same : .changed } ?? .added))
          if known?.checksum == checksum { continue }
          _ = try await transaction.rows([
            RulePackStore.put(pack, document: json, checksum: checksum, at: session.now),
            notes.platform("rule-pack.load", "rule-pack", pack.id),
          ])
        }
        return results
      }
    }
    Loaded.show(loaded, Text(zh: "规定", en: "rule pack"), invocation)
    return .success
  }
}

/// What became of one thing that was to be loaded.
private struct Loaded: Sendable {
  enum Outcome: String, Sendable {
    case added, changed, same

    var title: Text {
      switch self {
      case .added: Text(zh: "新增", en: "added")
      case .changed: Text(zh: "更新", en: "changed")
      case .same: Text(zh: "未变", en: "unchanged")
      }
    }
  }

  let name: String
  let from: CivilDate?
  let outcome: Outcome

  static func show(_ loaded: [Loaded], _ title: Text, _ invocation: Invocation) {
    if invocation.isForMachines {
      Output.json(.array(loaded.map { ["name": .string($0.name), "outcome": .string($0.outcome.rawValue)] }))
      return
    }
    let language = invocation.language
    let isDated = loaded.contains { $0.from != nil }
    var table = Table(head: ([title] + (isDated ? [Text(zh: "自", en: "from")] : []) + [Text(zh: "结果", en: "result")]).map { $0[language] })
    for one in loaded { table.add(row: [one.name] + (isDated ? [one.from.map { "\($0)" } ?? ""] : []) + [one.outcome.title[language]]) }
    Output.line(table.text)
  }
}
