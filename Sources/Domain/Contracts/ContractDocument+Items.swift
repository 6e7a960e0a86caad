// SPDX-License-Identifier: Apache-2.0
import Base

extension ContractDocument {
  /// Something the paper says, under its name, with the clause that says it.
  package struct Item: Sendable, Hashable {
    package let id: String
    package let citation: Citation
    /// What it comes to, where it is an amount.
    package let amount: Amount?
  }

  /// Items of one sort.
  package struct Section: Sendable, Hashable {
    /// Stable, as the member of the document is called.
    package let name: String
    package let title: Text
    package let items: [Item]
  }

  /// Everything that cites a clause, sorted as a person would read it; sections without an item are left out.
  package var sections: [Section] {
    let terms = terms
    let basics: [(String, Citation, Amount?)?] = [
      (terms.signing.id, terms.signing.citation, nil), (terms.term.id, terms.term.citation, nil),
      (terms.total.id, terms.total.citation, .fixed(terms.total.amount)), terms.audit.map { ($0.id, $0.citation, nil) },
      terms.carryOver.map { ($0.id, $0.citation, nil) }, terms.retention.map { ($0.id, $0.citation, nil) },
      terms.holdOver.map { ($0.id, $0.citation, nil) }, terms.renewal.map { ($0.id, $0.citation, nil) },
    ]
    let posts = service.staffing.map { [($0.id, $0.citation, Amount?.none)] + $0.posts.map { ($0.id, $0.citation, nil) } } ?? []
    return [
      Self.section("terms", Text(zh: "基本条款", en: "Terms"), basics.compactMap { $0 }),
      Self.section("payments", Text(zh: "付款", en: "Payments"), terms.payments.map { ($0.id, $0.citation, $0.amount) }),
      Self.section("consequences", Text(zh: "后果", en: "Consequences"), appraisal.consequences.map { ($0.id, $0.citation, nil) }),
      Self.section("caps", Text(zh: "上限", en: "Caps"), appraisal.caps.map { ($0.id, $0.citation, $0.atMost) }),
      Self.section("incidents", Text(zh: "情形", en: "Incidents"), appraisal.incidents.map { ($0.id, $0.citation, nil) }),
      Self.section("scores", Text(zh: "评分", en: "Scores"), appraisal.scores.map { ($0.id, $0.citation, nil) }),
      Self.section("grades", Text(zh: "等次", en: "Grades"), appraisal.grades.map { ($0.id, $0.citation, nil) }),
      Self.section("sheets", Text(zh: "评分表", en: "Score sheets"), appraisal.sheets.map { ($0.id, $0.citation, nil) }),
      Self.section("events", Text(zh: "事件", en: "Events"), appraisal.events.map { ($0.id, $0.citation, nil) }),
      Self.section("duties", Text(zh: "义务", en: "Duties"), service.duties.map { ($0.id, $0.citation, nil) }),
      Self.section("levels", Text(zh: "服务标准", en: "Service levels"), service.levels.map { ($0.id, $0.citation, nil) }),
      Self.section("staffing", Text(zh: "人员与岗位", en: "Staffing"), posts),
      Self.section("provisions", Text(zh: "其他约定", en: "Provisions"), service.provisions.map { ($0.id, $0.citation, nil) }),
    ].filter { !$0.items.isEmpty }
  }

  /// What the items cite, each once, in their order.
  package var citedClauses: [String] {
    var seen: Set<String> = []
    return sections.flatMap(\.items).map(\.citation.clause).filter { seen.insert($0).inserted }
  }

  private static func section(_ name: String, _ title: Text, _ items: [(String, Citation, Amount?)]) -> Section {
    Section(name: name, title: title, items: items.map { Item(id: $0.0, citation: $0.1, amount: $0.2) })
  }
}
