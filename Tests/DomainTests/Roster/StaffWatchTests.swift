// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Vacancies and demands about staff")
struct StaffWatchTests {
  private func day(_ text: String) -> CivilDate { CivilDate(text) ?? .first }

  private func posting(_ person: String, _ from: String, ended: String? = nil, replaces: Posting.Key? = nil) -> Posting {
    Posting(
      Posting.Key(person: person, post: "seat", from: day(from)), planned: day("2024-12-25"), ended: ended.map(day), replaces: replaces)
  }

  private func staffing(_ tenant: String, _ contract: String) throws -> Staffing {
    try #require(try Papers(tenant: tenant, contract).original().service.staffing)
  }

  private func demand(
    _ kind: Staffing.Demand.Kind, _ posting: Posting.Key?, on: String, left: String? = nil, successor: Posting.Key? = nil
  ) throws -> StaffDemand {
    StaffDemand(
      id: try #require(UUIDv7("01890000-0000-7000-8000-000000000001")), kind: kind, post: "seat", posting: posting, on: day(on),
      state: .open,
      left: left.map(day), successor: successor)
  }

  @Test("who left without a demand or a successor leaves a vacancy of the last day, once it is over")
  func vacancy() throws {
    let rule = try staffing("anding", "service-2024")
    let left = posting("a", "2024-01-01", ended: "2024-05-05")
    func found(_ postings: [Posting], _ demands: [StaffDemand] = [], on text: String) -> [StaffWatch.Vacancy] {
      StaffWatch(rule, postings: postings, demands: demands, on: day(text)).vacancies
    }
    #expect(found([left], on: "2024-05-05").isEmpty)
    let vacant = found([left], on: "2024-05-06")
    #expect(vacant.map(\.posting) == [left.key] && vacant.map(\.on) == [day("2024-05-05")])
    #expect(found([left], [try demand(.removal, left.key, on: "2024-05-03")], on: "2024-05-06").isEmpty)
    #expect(found([left, posting("b", "2024-05-20", replaces: left.key)], on: "2024-05-06").isEmpty)
    // Where no service is due nothing is wanting.
    #expect(StaffWatch(nil, postings: [left], demands: [], on: day("2024-05-06")).vacancies.isEmpty)
  }

  @Test("where the contract fixes a number, as many are vacant as are wanting and not open already")
  func numbers() throws {
    let rule = try staffing("sanjianfang", "seats-2019")
    let there = [posting("a", "2020-01-01"), posting("b", "2020-01-01"), posting("c", "2020-01-01", ended: "2020-02-01")]
    func found(_ demands: [StaffDemand]) -> [StaffWatch.Vacancy] {
      StaffWatch(rule, postings: there, demands: demands, on: day("2020-02-02")).vacancies.filter { $0.post == "seat" }
    }
    let both = found([])
    #expect(both.map(\.posting?.person) == ["c", nil] && both.map(\.on) == [day("2020-02-01"), day("2020-02-02")])
    #expect(found([try demand(.vacancy, there[2].key, on: "2020-02-01")]).map(\.posting?.person) == [nil])
    // Who is demanded to go, and is still there, leaves no place empty yet.
    #expect(found([try demand(.replacement, there[0].key, on: "2020-02-01")]).count == 2)
  }

  @Test("a demand is met on the day when the one is off the post and the other on it, and no earlier than it was put on record")
  func met() throws {
    let old = posting("a", "2024-01-01").key
    let new = Posting.Key(person: "b", post: "seat", from: day("2024-05-10"))
    let open = try demand(.replacement, old, on: "2024-05-06")
    #expect(open.metOn(left: nil, successor: new, recorded: nil, today: day("2024-06-01")) == nil)
    #expect(open.metOn(left: day("2024-05-08"), successor: nil, recorded: nil, today: day("2024-06-01")) == nil)
    #expect(open.metOn(left: day("2024-05-08"), successor: new, recorded: nil, today: day("2024-05-09")) == nil)
    #expect(open.metOn(left: day("2024-05-08"), successor: new, recorded: nil, today: day("2024-05-10")) == day("2024-05-10"))
    #expect(open.metOn(left: day("2024-05-12"), successor: new, recorded: nil, today: day("2024-05-12")) == day("2024-05-12"))
    #expect(open.metOn(left: day("2024-05-08"), successor: new, recorded: day("2024-05-14"), today: day("2024-05-14")) == day("2024-05-14"))
    let watch = StaffWatch(
      nil, postings: [posting("b", "2024-05-10")],
      demands: [try demand(.replacement, old, on: "2024-05-06", left: "2024-05-08", successor: new)], on: day("2024-05-12"))
    #expect(watch.met.map(\.on) == [day("2024-05-10")])
  }

  @Test("who goes on on another post is not gone")
  func gone() {
    let seat = posting("a", "2024-01-01", ended: "2024-05-05")
    let other = Posting(Posting.Key(person: "a", post: "analyst", from: day("2024-05-06")), planned: nil, ended: nil, replaces: nil)
    #expect(StaffWatch(nil, postings: [seat], demands: [], on: day("2024-05-06")).gone == [seat])
    #expect(StaffWatch(nil, postings: [seat, other], demands: [], on: day("2024-05-06")).gone.isEmpty)
  }
}
