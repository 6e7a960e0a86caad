// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Postings")
struct PostingTests {
  private func day(_ text: String) -> CivilDate { CivilDate(text) ?? .first }

  private func posting(
    _ person: String, _ post: String, _ from: String, to: String? = nil, ended: String? = nil, replaces: Posting.Key? = nil
  ) -> Posting {
    Posting(
      Posting.Key(person: person, post: post, from: day(from)), planned: to.map(day), ended: ended.map(day), replaces: replaces)
  }

  private func staffing(_ tenant: String) throws -> (Contract, Staffing) {
    let contracts = ["anding": "service-2024", "sanjianfang": "seats-2019", "xisanqi": "platform-2024"]
    let contract = try Contract([Papers(tenant: tenant, try #require(contracts[tenant])).original()])
    return (contract, try #require(contract.latest.service.staffing))
  }

  @Test("a posting lasts to the earlier of its planned day and the day somebody left; who left before the first day never came")
  func lasting() throws {
    let whole = posting("a", "seat", "2024-01-10", to: "2024-12-25")
    #expect(whole.last == day("2024-12-25") && whole.holds(on: day("2024-12-25")) && !whole.holds(on: day("2024-12-26")))
    let left = posting("a", "seat", "2024-01-10", to: "2024-12-25", ended: "2024-03-01")
    #expect(left.last == day("2024-03-01") && !left.holds(on: day("2024-03-02")))
    #expect(left.hasLeft(by: day("2024-03-02")) && !left.hasLeft(by: day("2024-03-01")))
    #expect(!whole.hasLeft(by: day("2025-01-01")))
    let never = posting("a", "seat", "2024-01-10", ended: "2024-01-09")
    #expect(!never.began && !never.holds(on: day("2024-01-10")) && !never.hasLeft(by: day("2024-02-01")))
    #expect(!never.overlaps(day("2024-01-01"), nil))
    #expect(left.overlaps(day("2024-03-01"), nil) && !left.overlaps(day("2024-03-02"), nil))
    #expect(left.overlaps(day("2024-01-01"), day("2024-01-10")) && !left.overlaps(day("2024-01-01"), day("2024-01-09")))
  }

  @Test(
    "with four seats and one analyst posted, five people are there; with one gone, a seat is vacant and the contract's five are not reached"
  )
  func numbers() throws {
    let (_, staffing) = try staffing("sanjianfang")
    var postings = (1...4).map { posting("seat-\($0)", "seat", "2019-10-10", to: "2020-10-10") }
    postings.append(posting("analyst-1", "analyst", "2019-10-10", to: "2020-10-10"))
    let full = StaffingReview(staffing, postings: postings, records: [], on: day("2020-02-01"))
    #expect(full.posted == 5 && full.short == 0 && full.places.map(\.vacancies) == [0, 0])
    #expect(full.places[0].holders.allSatisfy { $0.unmet == [.trained] })
    postings[2] = posting("seat-3", "seat", "2019-10-10", to: "2020-10-10", ended: "2020-01-31")
    let gone = StaffingReview(
      staffing, postings: postings,
      records: [
        ConditionRecord(person: "seat-1", condition: .trained, on: day("2019-10-01"), expires: day("2020-01-31")),
        ConditionRecord(person: "seat-2", condition: .trained, on: day("2019-10-01"), expires: nil),
        ConditionRecord(person: "seat-4", condition: .trained, on: day("2020-02-02"), expires: nil),
      ], on: day("2020-02-01"))
    #expect(gone.posted == 4 && gone.short == 1 && gone.places.map(\.vacancies) == [1, 0])
    // One training has run out, one is there, one came later.
    #expect(gone.places[0].holders.map(\.unmet) == [[.trained], [], [.trained]])
  }

  @Test("where the contract fixes no number, who left early is wanting until somebody stands in")
  func leavers() throws {
    let (_, staffing) = try staffing("anding")
    let left = posting("seat-1", "seat", "2023-12-26", to: "2024-12-25", ended: "2024-03-01")
    let other = posting("seat-2", "seat", "2023-12-26", to: "2024-12-25")
    func vacancies(_ more: [Posting], on text: String) throws -> Int {
      try #require(
        StaffingReview(staffing, postings: [left, other] + more, records: [], on: day(text)).places.first { $0.post.id == "seat" }
      ).vacancies
    }
    #expect(try vacancies([], on: "2024-03-01") == 0)
    #expect(try vacancies([], on: "2024-03-02") == 1)
    let stranger = posting("seat-9", "seat", "2024-03-02")
    #expect(try vacancies([stranger], on: "2024-03-10") == 1)
    let successor = posting("seat-9", "seat", "2024-03-05", replaces: left.key)
    #expect(try vacancies([successor], on: "2024-03-04") == 1)
    #expect(try vacancies([successor], on: "2024-03-05") == 0)
  }

  @Test("consent is needed for changes in the term where the contract asks for it, and nowhere else")
  func consent() throws {
    let (xisanqi, _) = try staffing("xisanqi")
    let check = PostingCheck(xisanqi, postings: [], records: [])
    #expect(!check.needsConsent(on: day("2024-03-15")) && check.needsConsent(on: day("2024-03-16")))
    let (anding, _) = try staffing("anding")
    #expect(!PostingCheck(anding, postings: [], records: []).needsConsent(on: day("2024-05-01")))
  }

  @Test("a posting is refused for each condition that is not on record on its first day, and for what the paper does not have")
  func refusals() throws {
    let (contract, _) = try staffing("sanjianfang")
    let vendor = contract.latest.terms.vendor.organisation
    let trained = ConditionRecord(person: "n", condition: .trained, on: day("2020-02-10"), expires: nil)
    func proposal(_ post: String, _ from: String, to: String? = nil, organisation: String? = nil) -> PostingCheck.Proposal {
      PostingCheck.Proposal(
        Posting.Key(person: "n", post: post, from: day(from)), to: to.map(day), replaces: nil, organisation: organisation ?? vendor)
    }
    let check = PostingCheck(contract, postings: [], records: [trained])
    #expect(check.refusal(of: proposal("seat", "2020-02-10"), nil) == nil)
    let early = try #require(check.refusal(of: proposal("seat", "2020-02-09"), nil))
    #expect(early.code == "conditions-unmet" && early.status == 409 && early.faults.map(\.code) == ["not-trained"])
    #expect(check.faults(in: proposal("guard", "2020-02-10")).map(\.pointer) == ["/post"])
    #expect(check.faults(in: proposal("seat", "2020-02-10", organisation: "other")).map(\.code) == ["wrong-side"])
    #expect(check.faults(in: proposal("seat", "2019-10-09")).map(\.pointer) == ["/from"])
    #expect(check.faults(in: proposal("seat", "2020-02-10", to: "2020-02-09")).map(\.pointer) == ["/to"])
  }

  @Test("nobody leaves before materials and data are cleared, unless the person goes on on another post or never came")
  func clearance() throws {
    let (contract, _) = try staffing("anding")
    let seat = posting("seat-1", "seat", "2023-12-26", to: "2024-12-25")
    let today = day("2024-05-01")
    func refusal(_ postings: [Posting], _ clearances: [CivilDate], on day: CivilDate) -> String? {
      PostingCheck(contract, postings: postings, records: []).refusal(
        ofEnding: postings[0], on: day, clearances: clearances, nil, isDemanded: false)?.code
    }
    #expect(refusal([seat], [], on: today) == "clearance-required")
    #expect(refusal([seat], [day("2024-04-30")], on: today) == nil)
    // What was cleared before the person came is of another time.
    #expect(refusal([seat], [day("2023-12-01")], on: today) == "clearance-required")
    let analyst = posting("seat-1", "analyst", "2024-05-02")
    #expect(refusal([seat, analyst], [], on: today) == nil)
    #expect(refusal([seat], [], on: day("2023-12-25")) == nil)
    let check = PostingCheck(contract, postings: [seat], records: [])
    #expect(check.faults(inEnding: seat, on: day("2023-12-24"), today: today).map(\.pointer) == ["/on"])
    #expect(check.faults(inEnding: seat, on: day("2024-05-02"), today: today).map(\.pointer) == ["/on"])
    #expect(check.faults(inEnding: seat, on: today, today: today).isEmpty)
  }
}
