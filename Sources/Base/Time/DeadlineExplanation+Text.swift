// SPDX-License-Identifier: Apache-2.0

extension DeadlineExplanation {
  /// The explanation in sentences, for people; weekends are counted, holidays named.
  package var text: Text {
    var text = opening
    if !notCounted.isEmpty { text = text + Self.passage(zh: "其间", notCounted, zhEnd: "不计入。", en: " Not counted: ") }
    if !madeUp.isEmpty {
      let days = madeUp.map(\.description)
      text =
        text
        + Text(
          zh: "调休上班的 \(days.joined(separator: "、")) 计入。", en: " Counted as worked in exchange: \(days.joined(separator: ", ")).")
    }
    if isMonthEnd {
      text =
        text
        + Text(
          zh: "该月没有对应日，以月末日为准（《民法典》第二百零二条）。", en: " That month lacks the corresponding day, so its last day counts (Civil Code art. 202).")
    }
    if let rolledFrom {
      let over = Self.words(for: rolledOver)
      text =
        text
        + Text(
          zh: "最后一日 \(rolledFrom) 不是工作日（\(over.zh)），顺延至下一个工作日（《民法典》第二百零三条）。",
          en: " The last day, \(rolledFrom), is no working day (\(over.en)), so it moves to the next one (Civil Code art. 203).")
    }
    return text + closing
  }

  private var opening: Text {
    switch basis {
    case .day(let day): Text(zh: "规定日期为 \(day)。", en: "The rule names \(day).")
    case .afterMoment(let start, let span):
      Text(zh: "自 \(Self.clock(start)) 起 \(span.text.zh)。", en: "\(span.text.en) from \(Self.clock(start)).")
    case .afterDay(let start, let span):
      Text(
        zh: "自 \(start) 起 \(span.text.zh)，当日不计入（《民法典》第二百零一条）。",
        en: "\(span.text.en) from \(start), that day not counted (Civil Code art. 201).")
    case .beforeMoment(let moment, let span):
      Text(zh: "\(Self.clock(moment)) 之前 \(span.text.zh)。", en: "\(span.text.en) before \(Self.clock(moment)).")
    case .beforeDay(let day, let span): Text(zh: "\(day) 之前 \(span.text.zh)。", en: "\(span.text.en) before \(day).")
    }
  }

  private var closing: Text {
    switch basis {
    case .afterMoment(let start, let span): Self.ending(start, span, 1)
    case .beforeMoment(let moment, let span): Self.ending(moment, span, -1)
    case .day, .afterDay, .beforeDay:
      Text(zh: "截止 \(lastDay) 24:00。", en: " It ends on \(lastDay) at 24:00.")
    }
  }

  private static func ending(_ start: Instant, _ span: Span, _ sign: Int64) -> Text {
    let distance = sign * Int64(span.count) * (span.unit == .hours ? Instant.hour : Instant.minute)
    guard let end = try? start.adding(microseconds: distance) else { return Text(zh: "", en: "") }
    return Text(zh: "截止 \(clock(end))。", en: " It ends at \(clock(end)).")
  }

  private static func clock(_ instant: Instant) -> String { "\(instant.date) \(instant.time)" }

  private static func passage(zh: String, _ days: [DaysOff], zhEnd: String, en: String) -> Text {
    let list = words(for: days)
    return Text(zh: zh + list.zh + zhEnd, en: en + list.en + ".")
  }

  /// Weekend days as a number, each holiday with its days.
  package static func words(for days: [DaysOff]) -> Text {
    let weekendDays = days.filter { $0.holiday == nil }.reduce(0) { $0 + $1.last.days(since: $1.first) + 1 }
    var zh: [String] = []
    var en: [String] = []
    if weekendDays > 0 {
      zh.append("周末 \(weekendDays) 天")
      en.append("\(weekendDays) weekend day\(weekendDays == 1 ? "" : "s")")
    }
    for run in days {
      guard let holiday = run.holiday else { continue }
      let isOne = run.first == run.last
      zh.append(isOne ? "\(holiday.zh) \(run.first)" : "\(holiday.zh) \(run.first) 至 \(run.last)")
      en.append(isOne ? "\(holiday.en) \(run.first)" : "\(holiday.en) \(run.first) to \(run.last)")
    }
    return Text(zh: zh.joined(separator: "、"), en: en.joined(separator: ", "))
  }

  /// Writes the explanation as data with its sentences: `{"basis", "from", "span", "notCounted", "madeUp", "monthEnd", "rolledFrom",
  /// "rolledOver", "lastDay", "text"}`, what is empty left out.
  package func write(to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("basis")
    switch basis {
    case .day(let day):
      writer.string("day")
      writer.key("from")
      writer.date(day)
    case .afterMoment(let moment, let span), .beforeMoment(let moment, let span):
      if case .afterMoment = basis { writer.string("after") } else { writer.string("before") }
      writer.key("from")
      writer.instant(moment)
      writer.key("span")
      writer.value(span.json)
    case .afterDay(let day, let span), .beforeDay(let day, let span):
      if case .afterDay = basis { writer.string("after") } else { writer.string("before") }
      writer.key("from")
      writer.date(day)
      writer.key("span")
      writer.value(span.json)
    }
    if !notCounted.isEmpty {
      writer.key("notCounted")
      Self.write(notCounted, to: &writer, in: language)
    }
    if !madeUp.isEmpty {
      writer.key("madeUp")
      writer.beginArray()
      for day in madeUp { writer.date(day) }
      writer.endArray()
    }
    if isMonthEnd {
      writer.key("monthEnd")
      writer.bool(true)
    }
    if let rolledFrom {
      writer.key("rolledFrom")
      writer.date(rolledFrom)
      writer.key("rolledOver")
      Self.write(rolledOver, to: &writer, in: language)
    }
    writer.key("lastDay")
    writer.date(lastDay)
    writer.key("text")
    writer.string(text[language])
    writer.endObject()
  }

  private static func write(_ days: [DaysOff], to writer: inout JSONWriter, in language: Language) {
    writer.beginArray()
    for run in days {
      writer.beginObject()
      writer.key("from")
      writer.date(run.first)
      writer.key("to")
      writer.date(run.last)
      writer.key("reason")
      writer.string(run.holiday.map { $0[language] } ?? (language == .zh ? "周末" : "weekend"))
      writer.endObject()
    }
    writer.endArray()
  }
}
