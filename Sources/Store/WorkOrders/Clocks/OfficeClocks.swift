// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What the clocks of an office go by: the papers of its contracts, its duty hours, the working calendar, the city's rules.
package struct OfficeClocks: Sendable {
  /// A paper, with the rules it sets.
  package struct Paper: Sendable {
    package let number: Int32
    package let effectiveFrom: CivilDate
    package let document: ContractDocument
    package let book: ClockBook
  }

  /// By contract, in the order of effect.
  package let papers: [String: [Paper]]
  package let reckoner: ClockReckoner
  package let packs: RulePacks
  /// How the office looks after its key complainants.
  package let complainants: ComplainantRule
  /// Where the office keeps recordings and pictures.
  package let media: MediaRule
  /// For orders under no contract.
  private let none: ClockBook

  package init(
    papers: [String: [Paper]], reckoner: ClockReckoner, packs: RulePacks, complainants: ComplainantRule = .usual,
    media: MediaRule = .usual
  ) {
    self.complainants = complainants
    self.media = media
    self.papers = papers
    self.reckoner = reckoner
    self.packs = packs
    none = ClockBook(nil, revision: 0, packs: packs)
  }

  /// The paper of a contract that governs a day; the first governs what lies before it too.
  package func paper(of contract: String, on day: CivilDate) -> Paper? {
    papers[contract].flatMap { papers in papers.last { $0.effectiveFrom <= day } ?? papers.first }
  }

  /// The rules by which clocks start on a day.
  package func book(of contract: String?, on day: CivilDate) -> ClockBook { contract.flatMap { paper(of: $0, on: day)?.book } ?? none }

  /// The rule that a clock of some paper goes by.
  ///
  /// - Parameter span: of its row: the city's limit of a grade as it was when the clock started.
  func rule(_ id: String, of document: String, revision: Int32, span: Span) -> ClockRule? {
    if revision == 0 {
      return packs.packs.first { $0.id == document }.map { ClockRule(span, of: $0) }
    }
    return papers[document]?.first { $0.number == revision }?.book.rule(id)
  }

  /// Whether a step may end some clock of a contract, whatever paper it started under.
  func mayEnd(_ event: OrderEvent, of contract: String?) -> Bool {
    if event == .replied { return true }
    return papers[contract ?? ""]?.contains { paper in
      paper.book.rules.contains { $0.to == event || $0.mootBy.contains(event) }
    } ?? false
  }

  /// Whether what recurs under a contract is done by a step.
  func mayRenew(_ event: OrderEvent, of contract: String?) -> Bool {
    papers[contract ?? ""]?.contains { paper in paper.book.rules.contains { $0.recurs && $0.to == event } } ?? false
  }

  /// Whether something recurs under a contract for as long as an order is open.
  func recursWhileOpen(under contract: String?) -> Bool {
    papers[contract ?? ""]?.contains { paper in
      paper.book.rules.contains { rule in
        if case .event = rule.start { rule.recurs } else { false }
      }
    } ?? false
  }

  /// Whether the day lies in the term of a contract, or in a time after it for which the papers provide.
  package func covers(_ day: CivilDate, _ contract: String) -> Bool {
    guard let papers = papers[contract], let chain = try? Contract(papers.map(\.document)) else { return false }
    return chain.term.contains(day)
  }
}

extension OfficeClocks {
  private static let officeFile: SQL = "SELECT document FROM tenant_file WHERE tenant_id = $1 AND path = 'office.json'"
  private static let stamp: SQL = """
    SELECT sha256(
      coalesce((SELECT string_agg(sha256, '' ORDER BY contract_id, revision) FROM contract_revision WHERE tenant_id = $1), '')
      || coalesce((SELECT sha256 FROM tenant_file WHERE tenant_id = $1 AND path = 'office.json'), '')
      || coalesce((SELECT string_agg(sha256, '' ORDER BY year) FROM calendar_year), '')
      || coalesce((SELECT string_agg(sha256, '' ORDER BY code, revision) FROM rule_pack), ''))
    """

  /// Tells whether anything of it has changed.
  static func stamp(in tenant: TenantID) -> Query<[UInt8]> {
    Query(stamp, [.int4(tenant.number)]) { row throws(DecodingFailure) in try row.bytea(0) }
  }

  /// The statements whose results ``init(_:)`` puts together.
  static func statements(in tenant: TenantID) -> [Statement] {
    [
      RevisionStore.list(in: tenant).statement, Statement(officeFile, [.int4(tenant.number)]), CalendarStore.years().statement,
      CalendarStore.days().statement, RulePackStore.latest().statement, stamp(in: tenant).statement,
    ]
  }

  /// Puts together what the statements gave, and its stamp.
  ///
  /// - Throws: `StoredDocumentError` or `CalendarError` for documents that this version cannot read.
  static func assemble(_ results: [Rows], in tenant: TenantID) throws -> (clocks: OfficeClocks, stamp: [UInt8]) {
    let packs = try RulePackStore.packs(try results[4].decoded(by: RulePackStore.latest()))
    var papers: [String: [Paper]] = [:]
    for (contract, revisions) in Dictionary(grouping: try results[0].decoded(by: RevisionStore.list(in: tenant)), by: \.contract) {
      let documents = try RevisionStore.contract(revisions).revisions
      papers[contract] = zip(revisions, documents).map { revision, document in
        Paper(
          number: revision.number, effectiveFrom: revision.effectiveFrom, document: document,
          book: ClockBook(document, revision: revision.number, packs: packs))
      }
    }
    let calendar = try WorkingCalendar(
      CalendarStore.assemble(
        try results[2].decoded(by: CalendarStore.years()), try results[3].decoded(by: CalendarStore.days())))
    var hours = DutyHours.allDay
    var complainants = ComplainantRule.usual
    var media = MediaRule.usual
    if let row = results[1].first, case .success(let office) = Office.shape.decode(try row.json(0)) {
      hours = office.dutyHours
      complainants = office.settings.complainants ?? .usual
      media = office.settings.media ?? .usual
    }
    let stamp = try results[5].decoded(by: stamp(in: tenant)).first ?? []
    let reckoner = ClockReckoner(calendar: calendar, hours: hours)
    return (OfficeClocks(papers: papers, reckoner: reckoner, packs: packs, complainants: complainants, media: media), stamp)
  }
}
