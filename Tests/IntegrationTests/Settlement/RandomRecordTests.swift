// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

/// Facts at random on the record of a contract of the deployment, as its papers would let them be recorded.
private struct RandomRecord {
  let desk: Desk
  let tenant: TenantID
  let contract: Contract
  let packs: RulePacks
  var random: Randomness
  private let identities = Identifiers()
  private let now: Instant

  /// SplitMix64 from a seed that a failing test prints.
  struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  private final class Identifiers {
    var generator = UUIDv7Generator()
  }

  init(_ desk: Desk, seed: UInt64) async throws {
    self.desk = desk
    random = Randomness(seed: seed)
    let number = try desk.deployment.database.sql("SELECT tenant_id FROM tenant WHERE code = '\(desk.tenant)'")
    tenant = try #require(Int32(number).flatMap { TenantID($0) })
    let lanes = desk.deployment.database.lanes
    let dossier = try #require(try await DossierReader().dossier(of: desk.contract, in: tenant, on: lanes))
    (contract, packs) = (dossier.contract, dossier.packs)
    now = try #require(Instant("2026-10-01T09:00:00+08:00"))
  }

  private mutating func day() throws -> CivilDate {
    try contract.term.first.adding(days: Int.random(in: 0..<contract.term.days, using: &random))
  }

  private mutating func identity() -> UUIDv7 { identities.generator.next(at: now, using: &random) }

  /// Records some incidents, invoices, payments, and where they are new, scores and grades.
  mutating func record(series: Bool) async throws {
    let check = try FactCheck(contract, packs: packs, life: .asAgreed)
    let document = contract.original
    for kind in document.appraisal.incidents where Bool.random(using: &random) {
      let incident = FactBody.Incident(
        kind: kind.id, subject: kind.subject == .staff ? "seat-1" : nil, quantity: Int.random(in: 1...3, using: &random),
        amount: Bool.random(using: &random) ? Fen(Int64.random(in: 1...100_000, using: &random)) : nil, points: kind.points?.upTo,
        by: Bool.random(using: &random) ? .vendor : .office)
      let content = FactContent(on: try day(), body: .incident(incident))
      if check.faults(in: content).isEmpty { try await put(incident, on: content.on) }
    }
    for payment in try Schedule(contract, packs: packs, life: .asAgreed).payments {
      let end = payment.period?.last ?? contract.term.last
      let amount = Fen(Int64.random(in: 1...50_000_000, using: &random))
      try await put(.invoice(payment: payment.id, amount: amount), "invoice", on: end)
      try await put(
        .payment(payment: payment.id, amount: amount), "payment", on: try end.adding(days: Int.random(in: 0...90, using: &random)))
      guard series else { continue }
      for grades in document.appraisal.grades where grades.pace == .period {
        try await put(.grade(series: grades.id, period: payment.id, grade: grades.scale[0].grade), "grade", on: end)
      }
      for scores in document.appraisal.scores where scores.pace == .period {
        let value = try Rational(Int128.random(in: 0...1000, using: &random), over: 10)
        try await put(
          .score(series: scores.id, period: payment.id, subject: scores.subject == .team ? nil : "seat-1", value: value), "score", on: end)
      }
    }
  }

  private mutating func put(_ body: FactBody, _ kind: String, on day: CivilDate) async throws {
    let fact = FactStore.New(
      id: identity(), content: FactContent(on: day, body: body), kind: kind, contract: contract.id, note: nil, user: nil, side: "system",
      at: now)
    _ = try await desk.deployment.database.lanes.rows(FactStore.add(fact, in: tenant), in: .tenant(tenant.number), .write)
  }

  private mutating func put(_ incident: FactBody.Incident, on day: CivilDate) async throws {
    let id = identity()
    let proposal = Incident.Proposal(
      contract: contract.id, occurredAt: try Instant(day).adding(minutes: 600), incident: incident, description: "", evidence: [],
      source: "manual", externalNumber: nil)
    _ = try await desk.deployment.database.lanes.rows(
      [
        IncidentStore.add(proposal, id: id, by: identity(), side: .vendor, at: now, in: tenant)
      ]
        + IncidentStore.confirm(
          IncidentStore.Step(on: id, version: 1, by: identity(), note: nil, at: now),
          IncidentStore.Confirmed(
            contract: contract.id, occurredAt: proposal.occurredAt, incident: incident, period: "any", correctsConfirmed: true), in: tenant),
      in: .tenant(tenant.number), .write)
  }
}

@Suite("Confirmed statements of random facts, through the database", .deployment)
struct RandomRecordTests {
  @Test("every statement of every office, confirmed while facts go on coming in, is settled again to the same bytes")
  func replay() async throws {
    let seed = UInt64.random(in: .min ... .max)
    var count = 0
    for (tenant, contract) in [
      ("anding", "service-2024"), ("fangshan", "service-2022"), ("sanjianfang", "seats-2019"), ("huoying", "technical-2025"),
      ("xisanqi", "platform-2024"),
    ] {
      let desk = try Desk(tenant, contract)
      var record = try await RandomRecord(desk, seed: seed)
      try await record.record(series: true)
      let payments = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      for payment in payments {
        try desk.confirm(payment)
        try await record.record(series: false)
        count += 1
      }
      let replay = try desk.deployment.jiesu("contract", "replay", tenant, contract, "--json")
      #expect(replay.status == 0, "seed \(seed): \(replay.output)")
      #expect(try JSON.parse(replay.output).array?.count == payments.count)
      // What came since is owed: every confirmed statement says what corrects it.
      for payment in payments { #expect(try desk.view(payment).json["corrections"]?.array != nil) }
    }
    #expect(count >= 14)
    let doctor = try Deployment.current.jiesu("doctor", "--json")
    let checks = try JSON.parse(doctor.output)["checks"]?.array ?? []
    #expect(checks.first { $0["check"] == "snapshots" }?["findings"] == [] && checks.contains { $0["note"] == .string("\(count)") })
  }
}
