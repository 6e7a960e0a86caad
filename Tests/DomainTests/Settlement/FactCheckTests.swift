// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("What can be recorded under a contract")
struct FactCheckTests {
  private func faults(_ tenant: String, _ json: JSON, stage: IncidentCheck.Stage = .confirmed) throws -> [String] {
    let contract = try #require(try RepositoryFiles.tenant(tenant).contracts.first).contract
    let check = try FactCheck(contract, packs: RepositoryFiles.rulePacks(), life: .asAgreed)
    return check.faults(in: try FactContent.shape.decode(json).get(), stage: stage).map { "\($0.pointer) \($0.code)" }
  }

  @Test(
    "an amount one fen outside the rule's range is refused",
    arguments: [("499.99", false), ("500.00", true), ("1000.00", true), ("1000.01", false)])
  func range(amount: String, isGood: Bool) throws {
    let json: JSON = ["kind": "incident", "on": "2020-02-03", "incident": "absence", "subject": "person-1", "amount": .string(amount)]
    #expect(try faults("sanjianfang", json) == (isGood ? [] : ["/amount out-of-range"]))
  }

  @Test(
    "an amount with a floor only, as a share of the price, has no ceiling",
    arguments: [("419749.99", false), ("419750.00", true), ("4197500.00", true)])
  func atLeast(amount: String, isGood: Bool) throws {
    let json: JSON = ["kind": "incident", "on": "2022-10-03", "incident": "leak-or-neglect", "amount": .string(amount)]
    #expect(try faults("fangshan", json) == (isGood ? [] : ["/amount out-of-range"]))
  }

  @Test(
    "a confirmed incident says what its rules need; a proposal may leave it open",
    arguments: [
      ("sanjianfang", "2020-05-05", "absence", ["/amount missing-member"]), ("sanjianfang", "2020-05-05", "late-or-early", []),
      ("xisanqi", "2024-05-05", "poached", ["/by missing-member", "/amount missing-member"]),
      ("anding", "2024-05-05", "leak", ["/subject missing-member"]),
    ])
  func needs(tenant: String, on: String, incident: String, expected: [String]) throws {
    let json: JSON = ["kind": "incident", "on": .string(on), "incident": .string(incident)]
    #expect(try faults(tenant, json) == expected)
    #expect(!(try faults(tenant, json, stage: .proposed)).contains("/amount missing-member"))
  }

  @Test(
    "what is about the service itself lies within it; a breach may come to light later, nothing does before the contract",
    arguments: [
      ("anding", "2024-12-25", "leak", []), ("anding", "2024-12-26", "leak", ["/on outside-service"]),
      ("anding", "2023-12-25", "leak", ["/on out-of-range"]), ("anding", "2025-06-01", "requirement-ignored", []),
      ("sanjianfang", "2020-10-11", "late-or-early", ["/on outside-service"]), ("sanjianfang", "2020-10-15", "late-or-unaccepted", []),
      ("fangshan", "2022-07-26", "leak-or-neglect", []), ("fangshan", "2022-07-20", "leak-or-neglect", ["/on out-of-range"]),
    ])
  func service(tenant: String, on: String, incident: String, expected: [String]) throws {
    let json: JSON = ["kind": "incident", "on": .string(on), "incident": .string(incident), "subject": "seat-1"]
    #expect(try faults(tenant, json, stage: .proposed) == expected)
  }

  @Test(
    "names, periods and values that the contract does not have are refused",
    arguments: [
      (
        "huoying", ["kind": "grade", "on": "2025-12-08", "series": "monthly", "period": "2025-08", "grade": "优"],
        ["/grade unknown-reference"]
      ),
      (
        "huoying", ["kind": "grade", "on": "2025-12-08", "series": "monthly", "period": "2025-07", "grade": "好"],
        ["/period unknown-reference"]
      ),
      (
        "huoying", ["kind": "grade", "on": "2025-12-08", "series": "yearly", "period": "2025-08", "grade": "好"],
        ["/series unknown-reference"]
      ),
      (
        "anding", ["kind": "score", "on": "2024-06-26", "series": "staff", "period": "quarter-5", "subject": "a", "value": "80"],
        ["/period unknown-reference"]
      ),
      (
        "anding", ["kind": "score", "on": "2024-06-26", "series": "staff", "period": "quarter-1", "value": "80"],
        ["/subject missing-member"]
      ),
      (
        "anding", ["kind": "score", "on": "2024-06-26", "series": "staff", "period": "quarter-1", "subject": "a", "value": "100.5"],
        ["/value out-of-range"]
      ),
      ("anding", ["kind": "incident", "on": "2024-06-26", "incident": "leak", "subject": "a", "points": "49"], ["/points out-of-range"]),
      (
        "anding", ["kind": "incident", "on": "2024-06-26", "incident": "leak", "subject": "a", "amount": "1.00"], ["/amount not-applicable"]
      ),
      ("huoying", ["kind": "grade", "on": "2025-09-07", "series": "monthly", "period": "2025-09", "grade": "好"], ["/on out-of-range"]),
      ("huoying", ["kind": "grade", "on": "2025-09-08", "series": "monthly", "period": "2025-09", "grade": "好"], []),
      (
        "anding", ["kind": "score", "on": "2024-03-25", "series": "staff", "period": "quarter-2", "subject": "a", "value": "80"],
        ["/on out-of-range"]
      ),
      ("anding", ["kind": "event", "on": "2024-03-25", "event": "appraisalConfirmed", "payment": "quarter-2"], ["/on out-of-range"]),
      ("fangshan", ["kind": "event", "on": "2023-01-05", "event": "rejected", "agreed": "2023-01-04"], ["/agreed out-of-range"]),
      ("anding", ["kind": "event", "on": "2024-06-26", "event": "appraisalConfirmed"], ["/payment missing-member"]),
      ("anding", ["kind": "event", "on": "2024-06-26", "event": "party"], ["/event unknown-reference"]),
      ("anding", ["kind": "event", "on": "2024-06-26", "event": "signed"], ["/event not-applicable"]),
      ("fangshan", ["kind": "event", "on": "2023-01-05", "event": "rejected"], ["/agreed missing-member"]),
      ("fangshan", ["kind": "event", "on": "2022-12-05", "event": "heldOver"], ["/on out-of-range"]),
      ("fangshan", ["kind": "invoice", "on": "2022-12-05", "payment": "second", "amount": "1.00"], ["/payment unknown-reference"]),
      ("xisanqi", ["kind": "audited", "on": "2025-03-05", "amount": "1.00"], ["/kind not-applicable"]),
      ("fangshan", ["kind": "audited", "on": "2025-03-05", "amount": "4000000.00"], []),
    ] as [(String, JSON, [String])])
  func names(tenant: String, json: JSON, expected: [String]) throws {
    #expect(try faults(tenant, json) == expected)
  }

  @Test("points of a day that no period has are refused, though the service went on", arguments: [true, false])
  func heldOverUnpaid(isPaid: Bool) throws {
    let hotline = try Papers("Tests/Offices/yunling/contracts/hotline-2026/original.json")
    let contract = try Contract([(isPaid ? hotline : hotline.with([("/holdOver", nil)])).original()])
    let (first, last) = (try #require(CivilDate("2027-01-01")), try #require(CivilDate("2027-01-31")))
    let month = try #require(DateRange(first, through: last))
    let check = try FactCheck(
      contract, packs: RepositoryFiles.rulePacks(), life: ServiceLife(terminated: nil, heldOver: [month]))
    let rudeness = FactContent(
      on: try #require(CivilDate("2027-01-10")), body: .incident(.init(kind: "rudeness", subject: "seat-1", points: 5)))
    #expect(check.faults(in: rudeness).map { "\($0.pointer) \($0.code)" } == (isPaid ? [] : ["/on outside-service"]))
  }

  @Test("the bounds of a share that is no whole number of fen are told in fen that lie within them")
  func told() throws {
    let office = try RepositoryFiles.decodeTenant(RepositoryFiles.directory("Tests/Offices/yunling"))
    let contract = try #require(office.contracts.map(\.contract).first { $0.id == "hotline-2026" })
    let check = try FactCheck(contract, packs: RepositoryFiles.rulePacks(), life: .asAgreed)
    let leak = FactContent(
      on: try #require(CivilDate("2026-02-02")), body: .incident(.init(kind: "data-leak", amount: Fen(100))))
    // One and ten per cent of 1,154,838.71.
    #expect(check.faults(in: leak).map(\.detail.en) == ["By clause 5.2 this must be from 11,548.39 to 115,483.87 yuan."])
    #expect(check.faults(in: leak).map(\.detail.zh) == ["按条款 5.2，须为 11,548.39 元至 115,483.87 元。"])
  }

  @Test("a recorded fact is read back as it was written")
  func roundTrip() throws {
    let contract = try #require(try RepositoryFiles.tenant("anding").contracts.first).contract
    var maker = RandomFacts(contract, try RepositoryFiles.calendar(), try RepositoryFiles.rulePacks(), seed: 7)
    for fact in try maker.make() {
      var writer = JSONWriter()
      fact.write(to: &writer)
      #expect(try Fact.shape.decode(JSON.parse(writer.bytes)).get() == fact)
    }
  }

  @Test("who may record an event is what the contract says")
  func recorders() throws {
    let contract = try #require(try RepositoryFiles.tenant("fangshan").contracts.first).contract
    let check = try FactCheck(contract, packs: .none, life: .asAgreed)
    #expect(check.recorders(of: .declared("staff-demanded")) == [.office])
    #expect(check.recorders(of: .declared("daily-report")) == [.vendor])
    #expect(check.recorders(of: .declared("force-majeure")) == Party.allCases)
  }
}
