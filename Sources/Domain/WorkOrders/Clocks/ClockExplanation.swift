// SPDX-License-Identifier: Apache-2.0
import Base

/// Why a clock runs out when it does, in words and in data.
package struct ClockExplanation: Sendable {
  package let clock: OrderClock
  /// How its end came about; nil where the calendar does not reach.
  package let trace: ClockTrace?
  /// The year that is not known yet and that it waits for.
  package let missingYear: Int?
  private let now: Instant

  /// - Parameters:
  ///   - clock: as it stands.
  ///   - reckoner: finds its end again, step by step.
  ///   - now: for what is still under way.
  package init(of clock: OrderClock, _ reckoner: ClockReckoner, at now: Instant) {
    self.clock = clock
    self.now = now
    do throws(CalendarError) {
      trace = try reckoner.explained(clock.limit, from: clock.started, pauses: clock.pauses).trace
      missingYear = nil
    } catch {
      trace = nil
      if case .missingYear(let year) = error { missingYear = year } else { missingYear = nil }
    }
  }

  /// How long it is overdue, or was when it ended, in microseconds; nil for what is in time.
  package var late: Int64? {
    guard let deadline = clock.deadline, let end = clock.ended ?? (clock.state == .missed ? now : nil), !deadline.includes(end) else {
      return nil
    }
    return end.microseconds(since: deadline.due)
  }

  // MARK: In words

  package var text: Text {
    var text = opening
    if let trace { text = text + passedOver(trace) + paused(trace) + days(trace) }
    return text + closing + outcome
  }

  private var opening: Text {
    let start: Text =
      switch clock.rule.start {
      case .event(let event, let asReported) where asReported:
        event.noun + Text(zh: "（以来源系统所报时间为准）", en: " (at the time that the source system reports)")
      case .event(let event, _): event.noun
      case .state(let state): state.noun
      }
    let moment = Self.clock(clock.started)
    let span = clock.limit.span
    let counted: Text =
      switch (span.isOfMoments, clock.limit.time) {
      case (true, .duty): Text(zh: "，只计值守时间", en: ", on duty only")
      case (true, .wall): Words.none
      case (false, _): Text(zh: "，当日不计入（《民法典》第二百零一条）", en: ", that day not counted (Civil Code art. 201)")
      }
    let turn: Text =
      clock.rule.recurs ? Text(zh: "第 \(clock.number) 次，", en: "Turn \(clock.number): ") : Words.none
    return turn
      + Text(
        zh: "自\(start.zh) \(moment) 起 \(span.text.zh)\(counted.zh)，须\(clock.rule.to.noun.zh)。",
        en: "\(span.text.en) from \(start.en) at \(moment)\(counted.en), until \(clock.rule.to.noun.en).")
  }

  private func passedOver(_ trace: ClockTrace) -> Text {
    guard !trace.offDuty.isEmpty else { return Words.none }
    let shown = trace.offDuty.prefix(4).map { Words.both("\(Self.clock($0.from))–\(Self.clock($0.to))") }
    let rest = trace.offDuty.count - shown.count
    let more = rest > 0 ? Text(zh: "等共 \(trace.offDuty.count) 段", en: " and \(rest) more") : Words.none
    let list = Words.list(shown) + more
    return Text(zh: "非值守时间 \(list.zh) 不计。", en: " Off duty and not counted: \(list.en).")
  }

  private func paused(_ trace: ClockTrace) -> Text {
    var text = Words.none
    for pause in clock.pauses {
      let from = Self.clock(pause.from)
      if let to = pause.to {
        text =
          text
          + Text(
            zh: "因\(pause.state.noun.zh)，\(from) 至 \(Self.clock(to)) 暂停。",
            en: " It stood still from \(from) to \(Self.clock(to)), \(pause.state.noun.en).")
      } else {
        text = text + Text(zh: "因\(pause.state.noun.zh)，自 \(from) 起暂停。", en: " It stands still since \(from), \(pause.state.noun.en).")
      }
    }
    for days in trace.pausedDays where days.count > 0 {
      text =
        text
        + Text(
          zh: "暂停所及的 \(days.range.first) 至 \(days.range.last) 不计（\(days.count) 日）。",
          en: " Not counted for that: \(days.range.first) to \(days.range.last) (\(days.count)).")
    }
    return text
  }

  private func days(_ trace: ClockTrace) -> Text {
    var text = Words.none
    if !trace.notCounted.isEmpty {
      let list = DeadlineExplanation.words(for: trace.notCounted)
      text = text + Text(zh: "其间\(list.zh)不计入。", en: " Not counted: \(list.en).")
    }
    if !trace.madeUp.isEmpty {
      let list = trace.madeUp.map(\.description)
      text =
        text + Text(zh: "调休上班的 \(list.joined(separator: "、")) 计入。", en: " Counted as worked in exchange: \(list.joined(separator: ", ")).")
    }
    if let rolledFrom = trace.rolledFrom {
      let over = DeadlineExplanation.words(for: trace.rolledOver)
      text =
        text
        + Text(
          zh: "最后一日 \(rolledFrom) 不是工作日（\(over.zh)），顺延至下一个工作日（《民法典》第二百零三条）。",
          en: " The last day, \(rolledFrom), is no working day (\(over.en)), so it moves to the next one (Civil Code art. 203).")
    }
    return text
  }

  private var closing: Text {
    if let missingYear {
      return Text(
        zh: "缺少 \(missingYear) 年的节假日安排，截止时间待其公布后推算。", en: " Its end waits for the calendar of \(missingYear), which is not known yet.")
    }
    guard let due = clock.deadline?.due else {
      guard let left = trace?.left else { return Words.none }
      let rest = Self.length(left)
      return Text(zh: "尚余 \(rest.zh)，恢复后继续计时。", en: " \(rest.en) are left when it goes on.")
    }
    if clock.limit.span.isOfMoments { return Text(zh: "截止 \(Self.clock(due))。", en: " It ends at \(Self.clock(due)).") }
    let last = Instant(microseconds: due.microseconds - 1)?.date ?? due.date
    return Text(zh: "截止 \(last) 24:00。", en: " It ends on \(last) at 24:00.")
  }

  private var outcome: Text {
    let ended = clock.ended.map(Self.clock) ?? ""
    let late = late.map(Self.length)
    switch (clock.state, clock.ended) {
    case (.met, _): return Text(zh: "\(ended) 完成，未超时。", en: " It was done at \(ended), in time.")
    case (.lapsed, _): return Text(zh: "\(ended) 起无须再办，不计超时。", en: " From \(ended) on there was nothing left to be done.")
    case (.missed, nil): return Text(zh: "已超时 \(late?.zh ?? "")。", en: " It is late by \(late?.en ?? "").")
    case (.missed, _): return Text(zh: "\(ended) 结束，超时 \(late?.zh ?? "")。", en: " It ended at \(ended), late by \(late?.en ?? "").")
    case (.running, _), (.paused, _): return Words.none
    }
  }

  private static func clock(_ instant: Instant) -> String { "\(instant.date) \(instant.time)" }

  /// `2 天 3 小时 5 分`
  private static func length(_ microseconds: Int64) -> Text {
    let minutes = microseconds / Instant.minute
    let parts: [(Int64, String, String)] = [
      (minutes / 1440, "天", minutes / 1440 == 1 ? "day" : "days"), (minutes / 60 % 24, "小时", minutes / 60 % 24 == 1 ? "hour" : "hours"),
      (minutes % 60, "分", minutes % 60 == 1 ? "minute" : "minutes"),
    ].filter { $0.0 > 0 }
    guard !parts.isEmpty else { return Text(zh: "不到 1 分", en: "less than a minute") }
    return Text(
      zh: parts.map { "\($0.0) \($0.1)" }.joined(separator: " "), en: parts.map { "\($0.0) \($0.2)" }.joined(separator: " "))
  }
}
