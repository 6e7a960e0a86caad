// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Every duty of the five contracts that has a date, against dates found by hand with the State Council's notices at hand.
@Suite("The dated duties of the five contracts")
struct DatedDutyTests {
  struct Told: Sendable {
    let event: String
    let on: String
    let agreed: String?
    let at: String?

    init(_ event: String, _ on: String, agreed: String? = nil, at: String? = nil) {
      (self.event, self.on, self.agreed, self.at) = (event, on, agreed, at)
    }
  }

  struct Office: Sendable, CustomTestStringConvertible {
    let tenant: String
    let events: [Told]
    /// Invoices by payment.
    let invoices: [(payment: String, on: String)]
    let asOf: String
    /// By item, payments by their own names: the last day of each time it falls due, the first and the last of what comes again and again.
    let last: KeyValuePairs<String, [String]>

    var testDescription: String { tenant }
  }

  static let offices = [
    Office(
      tenant: "fangshan",
      events: [
        Told("deliverablesSubmitted", "2022-12-30"), Told("rejected", "2023-01-05", agreed: "2023-01-20"), Told("cured", "2023-01-19"),
        Told("staff-demanded", "2022-09-20"), Told("staff-demanded", "2022-09-24"),
        Told("cure-demanded", "2022-10-10", agreed: "2022-10-21"),
        Told("ended-by-policy", "2022-12-31"), Told("force-majeure", "2022-11-20"),
      ],
      invoices: [("first", "2022-07-25"), ("last", "2022-12-20")], asOf: "2023-02-10",
      last: [
        "accept": ["2023-01-13"], "cure": ["2023-01-20"], "accept-again": ["2023-02-02"],
        // The tenth day of the second lies in the week of the National Day; the Saturday after it is worked.
        "replace-staff": ["2022-09-30", "2022-10-08"], "cure-on-demand": ["2022-10-21"], "tell-renewal": ["2022-11-01"],
        "tell-end": ["2022-11-01"], "meet": ["2022-08-26", "2023-01-26"], "urge-hung": ["2022-08-26", "2023-01-26"],
        "report-daily": ["2022-07-27", "2022-12-31"], "report-weekly": ["2022-08-02", "2023-01-03"],
        "report-monthly": ["2022-08-26", "2023-01-26"],
        "first": ["2022-08-08"], "last": ["2023-01-16"],
      ]),
    Office(
      tenant: "anding",
      events: [
        Told("vacancy-opened", "2024-02-01"), Told("removal-demanded", "2024-04-02"), Told("cost-report", "2024-09-27"),
        Told("refund-demanded", "2024-12-28"), Told("cure-demanded", "2024-06-03", agreed: "2024-06-14"),
        Told("ended-by-policy", "2024-08-30"), Told("force-majeure", "2024-07-31"), Told("address-changed", "2024-05-06"),
      ],
      invoices: [], asOf: "2025-02-10",
      last: [
        // The Spring Festival of 2024 ran from 10 to 17 February; Sunday the 18th was worked.
        "fill-vacancy": ["2024-02-18"],
        // The Tomb-Sweeping Day of 2024: 4 to 6 April off, Sunday the 7th worked.
        "remove-staff": ["2024-04-07"], "refill": ["2024-04-17"], "answer-cost-report": ["2024-10-10"], "refund": ["2024-12-31"],
        "cure-on-demand": ["2024-06-14"], "tell-end": ["2024-07-01"], "summarise": ["2024-01-01", "2024-12-30"],
        "analyse": ["2024-01-25", "2024-12-25"], "urge-hung": ["2024-01-25", "2024-12-25"],
      ]),
    Office(
      tenant: "sanjianfang",
      events: [
        Told("accepted", "2020-10-15"), Told("rejected", "2020-10-12", agreed: "2020-10-20"),
        Told("force-majeure", "2020-01-23", at: "2020-01-23T08:00:00+08:00"),
      ],
      invoices: [("last", "2020-10-12")], asOf: "2021-01-10",
      last: [
        "cure": ["2020-10-20"], "notify-force-majeure": ["2020-01-24"],
        // The Spring Festival of 2020 was prolonged to 2 February.
        "report-force-majeure": ["2020-02-03"],
        // The forty-fifth day is a Sunday.
        "outlast-force-majeure": ["2020-03-09"], "daily": ["2019-10-10", "2020-10-10"], "weekly": ["2019-10-16", "2020-10-14"],
        "monthly": ["2019-11-09", "2020-11-09"], "first": ["2019-10-10"], "second": ["2020-01-20"], "third": ["2020-04-20"],
        "last": ["2020-10-29"],
      ]),
    Office(
      tenant: "huoying", events: [Told("grade-proposed", "2025-09-10"), Told("force-majeure", "2025-10-01")],
      invoices: [("period-1", "2025-12-01"), ("period-2", "2026-04-03")], asOf: "2026-06-10",
      last: ["propose-grade": ["2025-09-07", "2026-08-07"], "period": ["2026-01-05", "2026-05-08"]]),
    Office(
      tenant: "xisanqi",
      events: [
        Told("delivery-scheduled", "2024-04-01", agreed: "2024-12-31"), Told("rejected", "2025-01-10", agreed: "2025-01-24"),
        Told("address-changed", "2024-05-08"), Told("force-majeure", "2024-09-20"), Told("ended-early", "2025-02-28"),
      ],
      invoices: [], asOf: "2025-04-10",
      last: [
        "deliver": ["2024-12-31"], "cure": ["2025-01-24"],
        // Sunday 28 April and Saturday 12 October 2024 were worked.
        "issue-invoice": ["2024-04-24", "2024-10-09", "2025-03-24"], "tell-address": ["2024-04-28"],
        // The fifteenth day lies in the National Day's week.
        "prove-force-majeure": ["2024-10-08"], "outlast-force-majeure": ["2024-10-10"], "tell-early-end": ["2025-01-28"],
        "appeals": ["2024-03-15", "2025-02-28"], "first": ["2024-04-30"], "second": ["2024-10-15"], "third": ["2025-03-31"],
      ]),
  ]

  private func bench(_ office: Office) throws -> Bench {
    var bench = try Bench(tenant: office.tenant)
    for told in office.events {
      try bench.event(told.event, told.on, agreed: told.agreed, at: told.at)
    }
    for invoice in office.invoices { try bench.invoice(invoice.payment, invoice.on, "1.00") }
    return bench
  }

  @Test("each falls due on the day that was found by hand", arguments: offices)
  func dates(office: Office) throws {
    let obligations = try bench(office).obligations(at: "\(office.asOf)T12:00:00+08:00")
    for (item, days) in office.last {
      let found = obligations.filter { $0.item == item }.compactMap { $0.date?.lastDay.description }
      // What comes again and again is told by its ends.
      let ends = found.count > 3 ? [found[0], found[found.count - 1]] : found
      #expect(ends == days, "\(item): \(found.prefix(4))")
    }
    // The table leaves no dated item out.
    let missing = Set(obligations.filter { $0.date != nil }.map(\.item)).subtracting(office.last.map(\.key))
    #expect(missing.isEmpty, "not in the table: \(missing.sorted())")
    #expect(Set(obligations.map(\.id)).count == obligations.count, "two have one name")
  }

  @Test("every duty and payment that an office's contract names is listed, dated or not", arguments: offices)
  func complete(office: Office) throws {
    let bench = try bench(office)
    let listed = Set(try bench.obligations(at: "\(office.asOf)T12:00:00+08:00").map(\.item))
    for duty in bench.contract.latest.service.duties {
      // A duty that starts with something nobody recorded is not owed yet.
      guard case .due(let rule) = duty.timing, let first = rule.events.first, case .declared = first else {
        if case .due(let rule) = duty.timing, rule.events.contains(.known(.deliverablesSubmitted)) { continue }
        if case .due(let rule) = duty.timing, rule.events.contains(.known(.rejected)) { continue }
        if case .due(let rule) = duty.timing, rule.events.contains(.known(.cured)) { continue }
        #expect(listed.contains(duty.id), "\(duty.id)")
        continue
      }
    }
    for payment in bench.contract.latest.terms.payments { #expect(listed.contains(payment.id), "\(payment.id)") }
  }

  @Test("how a date was found names the start, the rule, the days passed over and why")
  func explained() throws {
    let obligations = try bench(Self.offices[1]).obligations(at: "2025-02-10T12:00:00+08:00")
    let report = try #require(obligations.first { $0.item == "answer-cost-report" }?.date)
    #expect(report.end.description == "2024-10-11T00:00:00+08:00")
    #expect(report.explanation.en.contains("5 working days from 2024-09-27, that day not counted"), "\(report.explanation.en)")
    #expect(report.explanation.en.contains("National Day 2024-10-01 to 2024-10-07"), "\(report.explanation.en)")
    #expect(report.explanation.en.contains("Counted as worked in exchange: 2024-09-29"), "\(report.explanation.en)")
    #expect(report.explanation.zh.contains("调休上班的 2024-09-29"), "\(report.explanation.zh)")
    let vacancy = try #require(obligations.first { $0.item == "fill-vacancy" }?.date)
    #expect(vacancy.explanation.en.contains("The last day, 2024-02-16, is no working day"), "\(vacancy.explanation.en)")
  }
}
