// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Obligations")
struct ObligationTests {
  private func one(_ item: String, _ bench: Bench, at instant: String) throws -> Obligation {
    try #require(try bench.obligations(at: instant).first { $0.item == item }, "no obligation \(item)")
  }

  @Test("deliverables handed in count as accepted from the first instant after the two weeks, and not before")
  func deemed() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", "2022-12-30")
    #expect(try one("accept", bench, at: "2023-01-13T23:59:59.999999+08:00").state == .pending)
    let deemed = try one("accept", bench, at: "2023-01-14T00:00:00+08:00")
    #expect(deemed.state == .deemed && deemed.deems?.en == "acceptance")
    // The settlement sees the acceptance from then on.
    #expect(try bench.settlement(asOf: "2023-01-13").occurrences(of: .known(.accepted)).isEmpty)
    let counted = try bench.settlement(asOf: "2023-01-14").occurrences(of: .known(.accepted))
    #expect(counted.map(\.day.description) == ["2023-01-13"] && counted.first?.deemedBy == "accept")
  }

  @Test(
    "a deemed acceptance waits for the end of the next working day where its last day is none",
    arguments: [
      // A Friday; a Saturday, so the Monday; the first of the National Day holidays, so the make-up Saturday after them; a Sunday that is made
      // up; the eve of the Spring Festival, so the make-up Saturday after it.
      ("2022-12-30", "2023-01-14"), ("2022-09-10", "2022-09-27"), ("2022-09-17", "2022-10-09"), ("2022-09-25", "2022-10-10"),
      ("2023-01-07", "2023-01-29"),
    ])
  func deemedOver(submitted: String, outside: String) throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", submitted)
    let instant = try #require(CivilDate(outside).map { Instant($0) })
    let before = try #require(Instant(microseconds: instant.microseconds - 1))
    #expect(try one("accept", bench, at: "\(before)").state == .pending)
    #expect(try one("accept", bench, at: "\(instant)").state == .deemed)
  }

  @Test("a rejection in time keeps the first acceptance from being deemed, and the cure starts a second time")
  func second() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", "2022-12-30")
    try bench.event("rejected", "2023-01-05", agreed: "2023-01-20")
    try bench.event("cured", "2023-01-19")
    #expect(try one("accept", bench, at: "2023-02-10T00:00:00+08:00").state == .met)
    #expect(try one("cure", bench, at: "2023-02-10T00:00:00+08:00").state == .met)
    #expect(try one("accept-again", bench, at: "2023-02-02T23:59:59+08:00").state == .pending)
    #expect(try one("accept-again", bench, at: "2023-02-03T00:00:00+08:00").state == .deemed)
  }

  @Test("an obligation keeps its name whatever else is put on record, and a voided start takes it away")
  func names() throws {
    var bench = try Bench(tenant: "fangshan")
    let submitted = try bench.event("deliverablesSubmitted", "2022-12-30")
    let demanded = try bench.event("staff-demanded", "2022-09-20")
    let name = try one("replace-staff", bench, at: "2022-09-25T00:00:00+08:00").id
    #expect(name == "replace-staff@\(demanded)")
    #expect(try one("accept", bench, at: "2022-12-31T00:00:00+08:00").id == "accept@\(submitted)")
    try bench.event("staff-demanded", "2022-09-10")
    try bench.event("terminated", "2022-11-30")
    let later = try bench.obligations(at: "2022-12-31T00:00:00+08:00")
    #expect(later.contains { $0.id == name })
    #expect(later.first { $0.item == "tell-renewal" }?.id == "tell-renewal")
    #expect(later.contains { $0.id == "report-daily@2022-07-27" } && later.contains { $0.id == "payment:first" })
    #expect(later.last { $0.item == "report-daily" }?.date?.lastDay.description == "2022-11-30", "nothing is reported after an early end")
    bench.void(demanded)
    #expect(try !bench.obligations(at: "2022-12-31T00:00:00+08:00").contains { $0.id == name })
  }

  @Test("hours run from the moment that was recorded, and end at a moment")
  func hours() throws {
    var bench = try Bench(tenant: "sanjianfang")
    try bench.event("force-majeure", "2020-01-23", at: "2020-01-23T08:00:00+08:00")
    #expect(try one("notify-force-majeure", bench, at: "2020-01-24T08:00:00+08:00").state == .pending, "the 24th hour is in it")
    #expect(try one("notify-force-majeure", bench, at: "2020-01-24T08:00:01+08:00").state == .missed)
    var late = bench
    try late.event("force-majeure-notified", "2020-01-24", at: "2020-01-24T09:00:00+08:00")
    #expect(try one("notify-force-majeure", late, at: "2020-01-25T00:00:00+08:00").state == .missed)
    try bench.event("force-majeure-notified", "2020-01-24", at: "2020-01-24T07:30:00+08:00")
    #expect(try one("notify-force-majeure", bench, at: "2020-01-25T00:00:00+08:00").state == .met)
  }

  @Test("a payment is met by its parts when they come to the whole, and cannot be late while what it needs is missing")
  func payments() throws {
    var bench = try Bench(tenant: "xisanqi")
    let second = { (bench: Bench, at: String) in try #require(try bench.obligations(at: at).first { $0.id == "payment:second" }) }
    let waiting = try second(bench, "2024-11-01T00:00:00+08:00")
    #expect(waiting.state == .pending && waiting.missing.map(\.en) == ["the invoice"] && waiting.turns == nil)
    try bench.invoice("second", "2024-10-08", "866000.00")
    let missed = try second(bench, "2024-10-16T00:00:00+08:00")
    #expect(missed.state == .missed && missed.consequences.map(\.rule) == ["late-payment"])
    #expect(try second(bench, "2024-10-15T12:00:00+08:00").turns == Instant("2024-10-16T00:00:00+08:00"))
    try bench.pay("second", "2024-10-10", "866000.00")
    #expect(try second(bench, "2024-10-16T00:00:00+08:00").state == .met)
    var parts = try Bench(tenant: "xisanqi")
    try parts.invoice("second", "2024-10-08", "866000.00")
    try parts.pay("second", "2024-10-12", "800000.00")
    try parts.pay("second", "2024-10-20", "66000.00")
    let late = try second(parts, "2024-11-01T00:00:00+08:00")
    #expect(late.state == .missed && late.done?.day.description == "2024-10-20")
    #expect(late.daysLate(on: CivilDate("2024-11-01")!) == 5)
  }

  @Test("a waived miss costs nothing; voiding the waiver brings its price back")
  func waived() throws {
    var bench = try Bench(tenant: "fangshan")
    let demanded = try bench.event("staff-demanded", "2022-09-20")
    let name = "replace-staff@\(demanded)"
    #expect(try bench.statement("last", asOf: "2023-01-10").line("late-replacement")?.amount.yuan == "-34949.20")
    let waiver = try bench.record("2022-10-09", .waiver(obligation: name))
    let waived = try one("replace-staff", bench, at: "2022-12-31T00:00:00+08:00")
    #expect(waived.state == .waived && waived.waiver == waiver)
    #expect(try bench.statement("last", asOf: "2023-01-10").line("late-replacement") == nil)
    #expect(try one("replace-staff", bench, at: "2022-10-08T12:00:00+08:00").state == .missed, "it was not waived yet")
    bench.void(waiver)
    #expect(try bench.statement("last", asOf: "2023-01-10").line("late-replacement")?.amount.yuan == "-34949.20")
  }

  @Test("a waived payment bears no interest")
  func waivedPayment() throws {
    var bench = try Bench(tenant: "xisanqi")
    try bench.invoice("second", "2024-10-01", "866000.00")
    try bench.pay("second", "2024-11-14", "866000.00")
    #expect(try bench.statement("second", asOf: "2024-12-01").line("late-payment")?.amount.yuan == "12990.00")
    try bench.record("2024-11-20", .waiver(obligation: "payment:second"))
    #expect(try bench.statement("second", asOf: "2024-12-01").line("late-payment") == nil)
  }

  @Test("the side that may ask may waive, and nobody what counts as having happened")
  func waivable() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", "2022-12-30")
    try bench.event("staff-demanded", "2022-09-20")
    try bench.event("force-majeure", "2022-09-20")
    let at = "2022-12-31T00:00:00+08:00"
    #expect(try one("replace-staff", bench, at: at).waivableBy == [.office])
    #expect(try one("tell-renewal", bench, at: at).waivableBy == [.vendor])
    #expect(try one("notify-force-majeure", bench, at: at).waivableBy == [.office, .vendor])
    #expect(try one("accept", bench, at: at).waivableBy == [])
  }

  @Test("a year without a calendar leaves the date unknown, and says which year")
  func unknownYear() throws {
    var bench = try Bench(tenant: "huoying")
    try bench.forgetYears(from: 2026)
    try bench.invoice("period-1", "2025-12-15", "388800.00")
    let payment = try #require(try bench.obligations(at: "2025-12-20T00:00:00+08:00").first { $0.id == "payment:period-1" })
    guard case .unknown(let text)? = payment.due else {
      Issue.record("\(String(describing: payment.due))")
      return
    }
    #expect(text.en.contains("2026") && payment.state == .pending && payment.turns == nil)
  }
}
