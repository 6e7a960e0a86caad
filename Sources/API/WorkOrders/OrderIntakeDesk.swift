// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

/// Makes an order of what a source hands in: masks, seals, has the office's tables decide.
package struct OrderIntakeDesk: Sendable {
  let ring: KeyRing
  let tenant: TenantID
  let communities: Communities
  let now: Instant

  /// - Parameters:
  ///   - ring: the office's keys.
  ///   - communities: those of its tree, where an order names one.
  ///   - now: when the orders come in.
  package init(ring: KeyRing, tenant: TenantID, communities: Communities, now: Instant) {
    self.ring = ring
    self.tenant = tenant
    self.communities = communities
    self.now = now
  }

  /// What is handed in, with nothing of the citizen left in its words.
  package struct Prepared: Sendable {
    package let facts: OrderFacts
    package let content: String
    let citizen: Citizen
    let phoneCode: [UInt8]?
    /// By which the same intake is known again.
    let code: [UInt8]
  }

  /// The purposes of tables that are asked at an intake.
  package static let purposes: [RuleTable.Purpose] = [.classification, .urgency, .specialCase]

  package func prepare(_ intake: OrderIntake) throws(CryptoError) -> Prepared {
    var citizen = intake.citizen
    let content = MaskedCitizen.text(intake.content, of: citizen)
    // What was masked is not lost: it is sealed with the citizen.
    if content != intake.content { citizen.content = intake.content }
    let facts = intake.facts
    let label = { [citizen] in MaskedCitizen.label($0, of: citizen) }
    return Prepared(
      facts: OrderFacts(
        source: facts.source, externalNumber: facts.externalNumber, contract: facts.contract, grade: facts.grade,
        category: facts.category.map(label), area: facts.area.map(label),
        // Another's word for a place is no reason to refuse a citizen; who verifies names one of the tree.
        community: facts.community.map { communities.code(of: $0) ?? label($0) },
        title: MaskedCitizen.text(facts.title, of: citizen),
        tags: facts.tags.map { MaskedCitizen.text($0, of: citizen) }, attributes: MaskedCitizen.attributes(facts.attributes, of: citizen),
        isSpecial: facts.isSpecial, reportedAt: facts.reportedAt, reportedDue: facts.reportedDue),
      content: content, citizen: citizen,
      phoneCode: try ring.phoneCode(of: citizen), code: try ring.code(ofIntake: intake.json))
  }

  /// What the office knows of it before it is taken in.
  func prospect(_ prepared: Prepared) -> Query<OrderIntakeStore.Prospect> {
    OrderIntakeStore.prospect(
      prepared.facts, phoneCode: prepared.phoneCode, document: prepared.facts.document(content: prepared.content), purposes: Self.purposes,
      day: now.date, in: tenant)
  }

  /// The order, its first entry and its content.
  ///
  /// - Throws: 422 for a contract or a grade that is not known, and for times that cannot be.
  package func take(
    _ prepared: Prepared, _ prospect: OrderIntakeStore.Prospect, id: UUIDv7, by actor: OrderActor
  ) throws -> (order: WorkOrder, entry: OrderEntry, content: OrderIntakeStore.Content) {
    var faults = prepared.facts.timeFaults(at: now)
    if !prospect.isGradeKnown { faults.append(Problem.unknownGrade(prepared.facts.grade)) }
    if let contract = prepared.facts.contract, prospect.contract == nil {
      faults.append(
        Fault(
          pointer: "/contract", code: "unknown-reference",
          detail: Text(zh: "本单位没有在用的合同“\(contract)”。", en: "The office has no contract “\(contract)” in use.")))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    var facts = prepared.facts
    facts.contract = prospect.contract
    facts.repeats = prospect.repeats
    facts.decisions = prospect.decisions
    // What the source says stands; a table fills in what it leaves open, and may tighten or mark.
    facts.category = facts.category ?? prospect.decisions.text(.classification)
    if let grade = prospect.decisions.text(.urgency) { facts.grade = grade }
    if prospect.decisions.truth(.specialCase) == true { facts.isSpecial = true }
    let order = WorkOrder(id, facts, at: now)
    let entry = OrderEntry(seq: 1, at: now, actor: actor.user, side: actor.side, move: .received(facts))
    let content = OrderIntakeStore.Content(
      content: prepared.content, sealed: prepared.citizen.isEmpty ? nil : try ring.seal(prepared.citizen, of: id), key: ring.current,
      masked: MaskedCitizen(prepared.citizen), phoneCode: prepared.phoneCode, intakeCode: prepared.code)
    return (order, entry, content)
  }
}
