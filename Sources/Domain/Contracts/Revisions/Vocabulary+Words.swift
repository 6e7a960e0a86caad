// SPDX-License-Identifier: Apache-2.0
import Base

extension Amount {
  /// `1,114,000.00 元`, `合同总价的 50%`
  package var words: Text {
    switch self {
    case .fixed(let fen): Words.money(fen)
    case .share(let share, let basis): Text(zh: "\(basis.name.zh)的 \(share)", en: "\(share) of \(basis.name.en)")
    }
  }
}

extension ContractEvent {
  /// A known event by its name, another by what the contract calls it.
  package var words: Text {
    switch self {
    case .known(let event): event.name
    case .declared(let id): Text(zh: "“\(id)”", en: "“\(id)”")
    }
  }
}

extension DeadlineRule {
  /// `合同生效、收到发票中较晚者后 10 个工作日内`
  package var words: Text {
    switch self {
    case .on(let day, let rolls):
      return Words.both("\(day)") + (rolls ? Text(zh: "，遇非工作日顺延", en: ", or the next working day") : Words.none)
    case .after(let events, let span):
      let names = Words.list(events.map(\.words))
      let start = events.count == 1 ? names : Text(zh: "\(names.zh)中较晚者", en: "the later of \(names.en)")
      guard let span else { return Text(zh: "\(start.zh)之后", en: "after \(start.en)") }
      return Text(zh: "\(start.zh)后 \(span.text.zh)内", en: "within \(span.text.en) after \(start.en)")
    case .before(let event, let span): return Text(zh: "\(event.words.zh)前 \(span.text.zh)", en: "\(span.text.en) before \(event.words.en)")
    case .agreed(let event): return Text(zh: "“\(event.words.zh)”时约定之日", en: "the day agreed on with “\(event.words.en)”")
    case .earliest(let parts): return Text(zh: "最早者：", en: "the earliest of: ") + Words.list(parts.map(\.words), zh: "；", en: "; ")
    case .latest(let parts): return Text(zh: "最晚者：", en: "the latest of: ") + Words.list(parts.map(\.words), zh: "；", en: "; ")
    }
  }
}

extension Measure {
  package var words: Text {
    func quoted(_ names: [String]) -> String { names.map { "“\($0)”" }.joined(separator: ", ") }
    switch self {
    case .score(let series, let fold):
      let how =
        switch fold {
        case .mean: Text(zh: "平均分", en: "the mean")
        case .least: Text(zh: "最低分", en: "the least")
        case .sum: Text(zh: "总分", en: "the sum")
        case .each: Text(zh: "每个得分", en: "each")
        }
      return Text(zh: "评分“\(series)”的\(how.zh)", en: "\(how.en) of the score “\(series)”")
    case .grade(let series): return Text(zh: "等次“\(series)”", en: "the grade “\(series)”")
    case .incidents(let kinds): return Text(zh: "情形 \(quoted(kinds))", en: "incidents \(quoted(kinds))")
    case .amounts(let kinds): return Text(zh: "情形 \(quoted(kinds)) 所载金额", en: "the amounts of incidents \(quoted(kinds))")
    case .daysLate(.payment): return Text(zh: "付款迟延的天数", en: "the days a payment is late")
    case .daysLate(.duty(let id)): return Text(zh: "义务“\(id)”迟延的天数", en: "the days the duty “\(id)” is late")
    case .missed(let id): return Text(zh: "义务“\(id)”未按时完成", en: "the duty “\(id)” not done in time")
    case .always(.payment): return Text(zh: "每笔付款", en: "every payment")
    case .always(.contract): return Text(zh: "整个合同一次", en: "the contract, once")
    }
  }
}

extension CaseTest {
  package var words: Text {
    switch self {
    case .below(let bar): Text(zh: "低于 \(Words.number(bar))", en: "below \(Words.number(bar))")
    case .above(let bar): Text(zh: "高于 \(Words.number(bar))", en: "above \(Words.number(bar))")
    case .grades(let grades): Text(zh: "等次为", en: "the grade is ") + Words.both(grades.joined(separator: ", "))
    }
  }
}

extension Firing {
  package var words: Text {
    func scope(_ scope: Scope) -> Text { scope == .payment ? Text(zh: "每期", en: "each payment") : Text(zh: "整个合同", en: "the contract") }
    switch self {
    case .each: return Text(zh: "每次", en: "every time")
    case .once(let over): return Text(zh: "\(scope(over).zh)仅首次", en: "the first of \(scope(over).en)")
    case .from(let number, let over):
      return Text(zh: "\(scope(over).zh)第 \(number) 次起", en: "from number \(number) of \(scope(over).en) on")
    case .inARow(let count): return Text(zh: "每连续 \(count) 次", en: "each time \(count) follow each other")
    }
  }
}

extension Tariff {
  package var words: Text {
    switch self {
    case .each(let amount): return Text(zh: "每次（每天）\(amount.words.zh)", en: "\(amount.words.en) each")
    case .steps(let bar, let step, let parts, let amount):
      let start =
        switch bar {
        case .below(let bar): Text(zh: "低于 \(Words.number(bar)) 每", en: " for every \(Words.number(step)) below \(Words.number(bar))")
        case .above(let bar): Text(zh: "高于 \(Words.number(bar)) 每", en: " for every \(Words.number(step)) above \(Words.number(bar))")
        }
      let rest = parts == .whole ? Text(zh: "（不足不计）", en: ", whole ones only") : Text(zh: "（不足按比例）", en: ", parts in proportion")
      return Text(zh: "\(start.zh) \(Words.number(step))\(rest.zh) \(amount.words.zh)", en: "\(amount.words.en)\(start.en)\(rest.en)")
    case .bands(let bands):
      return Words.list(
        bands.map { band in
          let from = band.from.map { Text(zh: "\(Words.number($0)) 以上", en: "from \(Words.number($0))") } ?? Text(zh: "其余", en: "the rest")
          return from + Text(zh: "：", en: ": ") + band.pays.words
        }, zh: "；", en: "; ")
    case .table(let table):
      return Words.list(table.entries.map { Words.both($0.name) + Text(zh: "：", en: ": ") + $0.value.words }, zh: "；", en: "; ")
    case .range(let from, let to, let setter):
      let most = to.map { Text(zh: "至 \($0.words.zh)", en: " to \($0.words.en)") } ?? Text(zh: "以上", en: " or more")
      return from.words + most + Text(zh: "，由\(setter.name.zh)确定", en: ", set by \(setter.name.en)")
    }
  }
}
