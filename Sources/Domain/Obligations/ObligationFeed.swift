// SPDX-License-Identifier: Apache-2.0
import Base

/// An office's obligations as a calendar that calendar programs subscribe to (RFC 5545): one all-day event for each, on its last day.
package struct ObligationFeed: Sendable {
  /// An obligation, and the contract that it stands under.
  package struct Entry: Sendable {
    package let contract: String
    package let title: Text
    package let obligation: Obligation

    package init(contract: String, title: Text, obligation: Obligation) {
      (self.contract, self.title, self.obligation) = (contract, title, obligation)
    }
  }

  /// How many events a calendar has at most.
  package static let greatest = 2000
  /// How many days back and ahead it reaches; what is late and not done is in it however old it is.
  private static let back = 92
  private static let ahead = 366

  let office: String
  let name: Text
  let language: Language
  /// How many days before its last day one is reminded of an obligation, at nine o'clock; nil for never.
  let reminder: Int?

  /// - Parameters:
  ///   - office: the code of the office.
  ///   - name: the office's name.
  package init(office: String, name: Text, language: Language, reminder: Int?) {
    (self.office, self.name, self.language, self.reminder) = (office, name, language, reminder)
  }

  /// Whether a calendar read on a day shows an obligation.
  package static func shows(_ obligation: Obligation, on today: CivilDate) -> Bool {
    guard let day = obligation.date?.lastDay else { return false }
    return obligation.isLate || (-back...ahead).contains(day.days(since: today))
  }

  /// Of too many, those that a calendar has: what lies ahead before what is over, and what is nearer before what is farther.
  package static func bounded(_ entries: [Entry], on today: CivilDate) -> [Entry] {
    guard entries.count > greatest else { return entries }
    func distance(_ entry: Entry) -> Int {
      guard let day = entry.obligation.date?.lastDay else { return .max }
      let days = day.days(since: today)
      return days >= 0 ? days : back + ahead - days
    }
    let kept = entries.enumerated().sorted { (distance($0.element), $0.offset) < (distance($1.element), $1.offset) }.prefix(greatest)
    return kept.sorted { $0.offset < $1.offset }.map(\.element)
  }

  /// The calendar.
  ///
  /// - Parameter now: when it is made.
  package func octets(of entries: [Entry], at now: Instant) -> [UInt8] {
    var writer = CalendarWriter(capacity: 512 + entries.count * 1024)
    writer.component("VCALENDAR") { calendar in
      calendar.property("VERSION", "2.0")
      calendar.property("PRODID", "-//jiesu//obligations 1//ZH")
      calendar.property("CALSCALE", "GREGORIAN")
      let title = name[language] + (language == .zh ? " · 义务日历" : " · obligations")
      // RFC 7986, and what programs went by before it.
      calendar.text("NAME", title)
      calendar.text("X-WR-CALNAME", title)
      calendar.property("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
      calendar.property("X-PUBLISHED-TTL", "PT1H")
      for entry in entries {
        guard let date = entry.obligation.date else { continue }
        calendar.component("VEVENT") { write(entry, date, at: now, to: &$0) }
      }
    }
    return writer.octets
  }

  private func write(_ entry: Entry, _ date: DueDate, at now: Instant, to event: inout CalendarWriter) {
    let obligation = entry.obligation
    // The same whatever else is recorded, in every calendar of this office.
    event.text("UID", "\(obligation.id)/\(entry.contract)/\(office)@jiesu")
    event.instant("DTSTAMP", now)
    event.date("DTSTART", date.lastDay)
    event.date("DTEND", (try? date.lastDay.adding(days: 1)) ?? date.lastDay)
    let summary =
      "\(obligation.bearer.name[language]) · \(obligation.state.name[language])" + pick("：", ": ") + obligation.citation.says[language]
    event.text("SUMMARY", summary)
    event.text("DESCRIPTION", description(of: entry, date))
    event.texts("CATEGORIES", [obligation.bearer.name[language], obligation.state.name[language]])
    event.property("TRANSP", "TRANSPARENT")
    if obligation.state == .waived { event.property("STATUS", "CANCELLED") } else { event.property("STATUS", "CONFIRMED") }
    event.text("X-JIESU-CONTRACT", entry.contract)
    event.text("X-JIESU-OBLIGATION", obligation.id)
    event.text("X-JIESU-BEARER", obligation.bearer.rawValue)
    event.text("X-JIESU-STATE", obligation.state.rawValue)
    if let reminder, obligation.state == .pending {
      event.component("VALARM") { alarm in
        alarm.property("ACTION", "DISPLAY")
        alarm.nineOClock("TRIGGER", daysBefore: reminder)
        alarm.text("DESCRIPTION", summary)
      }
    }
  }

  private func description(of entry: Entry, _ date: DueDate) -> String {
    let obligation = entry.obligation
    var lines = [
      entry.title[language], pick("条款：\(obligation.citation.clause)", "Clause: \(obligation.citation.clause)"),
      pick("期限：", "Due: ") + date.explanation[language],
    ]
    if let money = obligation.money {
      lines.append(
        pick(
          "应付 \(money.payable.grouped) 元，已付 \(money.paid.grouped) 元", "Payable \(money.payable.grouped) yuan, paid \(money.paid.grouped)"))
    }
    if !obligation.missing.isEmpty {
      lines.append(pick("尚缺：", "Still missing: ") + obligation.missing.map { $0[language] }.joined(separator: pick("、", ", ")))
    }
    if let done = obligation.done { lines.append(pick("履行于 \(done.day)", "Done on \(done.day)")) }
    if let deems = obligation.deems { lines.append(pick("逾期视同：", "Otherwise counts as having happened: ") + deems[language]) }
    for consequence in obligation.consequences {
      lines.append(
        pick("逾期后果：", "What follows: ") + consequence.citation.says[language]
          + pick("（\(consequence.citation.clause)）", " (\(consequence.citation.clause))"))
    }
    return lines.joined(separator: "\n")
  }

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
}

extension Obligation.State {
  package var name: Text {
    switch self {
    case .pending: Text(zh: "待履行", en: "pending")
    case .met: Text(zh: "已按期履行", en: "met")
    case .missed: Text(zh: "逾期", en: "missed")
    case .deemed: Text(zh: "已视同", en: "deemed")
    case .waived: Text(zh: "已免除", en: "waived")
    }
  }
}
