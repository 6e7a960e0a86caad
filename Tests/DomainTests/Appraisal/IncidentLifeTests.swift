// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("The life of an incident")
struct IncidentLifeTests {
  private let proposer = UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0001)
  private let first = UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0002)
  private let second = UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0003)

  private func ids() throws -> (proposer: UUIDv7, first: UUIDv7, second: UUIDv7) {
    (try #require(proposer), try #require(first), try #require(second))
  }

  private func moment(_ text: String) throws -> Instant { try #require(Instant(text)) }

  @Test("the office confirms what others proposed; what the rule leaves open, one sets and another agrees to")
  func confirmation() throws {
    let (proposer, first, second) = try ids()
    let now = try moment("2020-09-15T09:00:00+08:00")
    let proposed = IncidentLife(state: .proposed, proposedSide: .system, proposedBy: nil)
    #expect(try proposed.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: now) == .confirmed)
    #expect(try proposed.confirmation(by: first, of: .office, isOpen: true, isAgreed: true, at: now) == .set)
    #expect(throws: IncidentLife.Refusal.notYourSide(.confirm)) {
      try proposed.confirmation(by: first, of: .vendor, isOpen: false, isAgreed: true, at: now)
    }
    let own = IncidentLife(state: .proposed, proposedSide: .office, proposedBy: proposer, setBy: proposer)
    #expect(throws: IncidentLife.Refusal.ownProposal) {
      try own.confirmation(by: proposer, of: .office, isOpen: true, isAgreed: true, at: now)
    }
    #expect(try own.confirmation(by: first, of: .office, isOpen: true, isAgreed: true, at: now) == .confirmed)
    // Another amount is a word of one's own again.
    #expect(try own.confirmation(by: first, of: .office, isOpen: true, isAgreed: false, at: now) == .set)
    let set = IncidentLife(state: .proposed, proposedSide: .vendor, proposedBy: proposer, setBy: first)
    #expect(throws: IncidentLife.Refusal.secondPerson) {
      try set.confirmation(by: first, of: .office, isOpen: true, isAgreed: true, at: now)
    }
    #expect(try set.confirmation(by: second, of: .office, isOpen: true, isAgreed: true, at: now) == .confirmed)
    for state in Incident.State.allCases where state != .proposed {
      let decided = IncidentLife(state: state, proposedSide: .system, proposedBy: nil, decidedBy: second)
      #expect(throws: IncidentLife.Refusal.decided(state)) {
        try decided.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: now)
      }
      #expect(throws: IncidentLife.Refusal.decided(state)) { try decided.checkRejection(by: first, of: .office) }
    }
  }

  @Test("the vendor's time to answer holds the office up until it is over or an answer is there, to the microsecond")
  func answering() throws {
    let (proposer, first, _) = try ids()
    let end = try moment("2020-09-18T00:00:00+08:00")
    let before = try end.adding(microseconds: -1)
    let waiting = IncidentLife(state: .proposed, proposedSide: .office, proposedBy: proposer, silentFrom: end)
    #expect(throws: IncidentLife.Refusal.awaitingAnswer(until: end)) {
      try waiting.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: before)
    }
    #expect(try waiting.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: end) == .confirmed)
    // A rejection favours the vendor: nothing is waited for.
    try waiting.checkRejection(by: first, of: .office)
    try waiting.checkAnswer(of: .vendor, at: before)
    #expect(throws: IncidentLife.Refusal.tooLate(.answer, since: end)) { try waiting.checkAnswer(of: .vendor, at: end) }
    #expect(throws: IncidentLife.Refusal.notYourSide(.answer)) { try waiting.checkAnswer(of: .office, at: before) }
    let answered = IncidentLife(state: .proposed, proposedSide: .office, proposedBy: proposer, isAnswered: true, silentFrom: end)
    #expect(try answered.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: before) == .confirmed)
    #expect(throws: IncidentLife.Refusal.answered) { try answered.checkAnswer(of: .vendor, at: before) }
    let own = IncidentLife(state: .proposed, proposedSide: .vendor, proposedBy: proposer, silentFrom: end)
    #expect(throws: IncidentLife.Refusal.ownProposal) { try own.checkAnswer(of: .vendor, at: before) }
    #expect(try own.confirmation(by: first, of: .office, isOpen: false, isAgreed: true, at: before) == .confirmed)
  }

  @Test("a dispute is decided for the incident by somebody who neither proposed nor confirmed it, once; against it by anybody who decides")
  func disputes() throws {
    let (proposer, first, second) = try ids()
    let end = try moment("2020-09-29T00:00:00+08:00")
    let before = try end.adding(microseconds: -1)
    func life(_ state: Incident.State, upheld: Bool = false, until end: Instant? = nil) -> IncidentLife {
      IncidentLife(state: state, proposedSide: .office, proposedBy: proposer, decidedBy: first, isUpheld: upheld, settledFrom: end)
    }
    try life(.confirmed, until: end).checkDispute(of: .vendor, at: before)
    #expect(throws: IncidentLife.Refusal.tooLate(.dispute, since: end)) {
      try life(.confirmed, until: end).checkDispute(of: .vendor, at: end)
    }
    #expect(throws: IncidentLife.Refusal.upheld) { try life(.confirmed, upheld: true).checkDispute(of: .vendor, at: before) }
    #expect(throws: IncidentLife.Refusal.notYourSide(.dispute)) { try life(.confirmed).checkDispute(of: .office, at: before) }
    #expect(throws: IncidentLife.Refusal.notNow(.dispute, .proposed)) { try life(.proposed).checkDispute(of: .vendor, at: before) }
    #expect(throws: IncidentLife.Refusal.ownDecision) { try life(.disputed).checkUpholding(by: first, of: .office) }
    #expect(throws: IncidentLife.Refusal.ownProposal) { try life(.disputed).checkUpholding(by: proposer, of: .office) }
    #expect(throws: IncidentLife.Refusal.notNow(.uphold, .confirmed)) { try life(.confirmed).checkUpholding(by: second, of: .office) }
    try life(.disputed).checkUpholding(by: second, of: .office)
    for state in Incident.State.allCases {
      if state == .confirmed || state == .disputed {
        try life(state).checkReversal(of: .office)
      } else {
        #expect(throws: IncidentLife.Refusal.notNow(.reverse, state)) { try life(state).checkReversal(of: .office) }
      }
      #expect(throws: IncidentLife.Refusal.notYourSide(.reverse)) { try life(state).checkReversal(of: .vendor) }
    }
  }

  @Test("an incident belongs to the payment of its day, or to the last where all that it costs is kept to the end")
  func periods() throws {
    func period(_ tenant: String, _ contract: String, _ kind: String, _ day: String) throws -> String? {
      let files = try RepositoryFiles.tenant(tenant)
      let contract = try #require(files.contracts.first { $0.contract.id == contract }).contract
      let schedule = try Schedule(contract, packs: try RepositoryFiles.rulePacks(), life: .asAgreed)
      return schedule.payment(taking: FactBody.Incident(kind: kind), on: try #require(CivilDate(day)), under: contract)?.id
    }
    // Points count in the quarter of the day, a loss too; the first and the last day are inside.
    #expect(try period("anding", "service-2024", "zero-score-order", "2024-03-25") == "quarter-1")
    #expect(try period("anding", "service-2024", "zero-score-order", "2024-03-26") == "quarter-2")
    #expect(try period("anding", "service-2024", "damage", "2024-07-15") == "quarter-3")
    // The tariff is taken off the last instalment; a claim beside it is made with the instalment of its day.
    #expect(try period("sanjianfang", "seats-2019", "absence", "2019-11-04") == "last")
    #expect(try period("sanjianfang", "seats-2019", "rules-broken", "2019-10-10") == "first")
    #expect(try period("huoying", "technical-2025", "not-performing", "2025-12-07") == "period-1")
    #expect(try period("huoying", "technical-2025", "not-performing", "2025-12-08") == "period-2")
  }

  @Test("what the papers leave open is what somebody sets in a range, and a loss that nobody can compute")
  func leftOpen() throws {
    func isOpen(_ tenant: String, _ contract: String, _ kind: String, _ day: String) throws -> Bool {
      let files = try RepositoryFiles.tenant(tenant)
      let contract = try #require(files.contracts.first { $0.contract.id == contract }).contract
      return IncidentCheck(contract).leavesOpen(FactBody.Incident(kind: kind), on: try #require(CivilDate(day)))
    }
    #expect(try isOpen("sanjianfang", "seats-2019", "absence", "2020-02-03"))
    #expect(try isOpen("sanjianfang", "seats-2019", "damage", "2020-02-03"))
    #expect(try !isOpen("sanjianfang", "seats-2019", "late-or-early", "2020-02-03"))
    #expect(try !isOpen("anding", "service-2024", "zero-score-order", "2024-02-03"))
    #expect(try isOpen("fangshan", "service-2022", "leak-or-neglect", "2022-08-03"))
  }
}
