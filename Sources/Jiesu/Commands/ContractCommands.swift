// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Command {
  static let contractSchema = Command(
    words: ["contract", "schema"],
    says: Text(zh: "输出合同文件的 JSON Schema（2020-12）", en: "print the JSON Schema (2020-12) of contract documents")
  ) { _, _ in
    Output.json(ContractDocument.schema)
    return .success
  }

  static let contractShow = Command(
    words: ["contract", "show"], arguments: ["TENANT", "CONTRACT"],
    options: [
      Option(name: "--on", says: Text(zh: "该日适用的文本；默认最后一份", en: "the paper that governs that day; the last one otherwise"), value: "DATE")
    ],
    says: Text(zh: "显示合同：各方、期限、付款、规则、历次文本，每项附条款与释义", en: "show a contract: parties, term, payments, rules, papers, each with its clause")
  ) { invocation, configuration in
    let day = try invocation.date("--on")
    let id = invocation.arguments[1]
    let stored = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      return try await session.read(in: .tenant(tenant.id.number)) { transaction in
        guard let contract = try await transaction.first(ContractStore.one(id, in: tenant.id)) else { throw Faults([.noContract(id)]) }
        return StoredContract(
          tenant: tenant, contract: contract, revisions: try await transaction.query(RevisionStore.list(of: id, in: tenant.id)),
          text: try await transaction.first(ContractTextStore.latest(of: id, in: tenant.id)))
      }
    }
    if invocation.isForMachines {
      Output.json(stored.json)
      return .success
    }
    let contract = try RevisionStore.contract(stored.revisions)
    let document = day.map { contract.inForce(on: $0) } ?? contract.latest
    ContractPage(stored: stored, document: document, language: invocation.language).show()
    return .success
  }
}

extension Invocation {
  /// An option that is a day.
  func date(_ name: String) throws -> CivilDate? {
    guard let text = option(name) else { return nil }
    guard let date = CivilDate(text) else {
      throw UsageError(Text(zh: "\(name) 须为 2026-01-31 样式的日期", en: "\(name) must be a date like 2026-01-31"))
    }
    return date
  }
}

extension CommandSession {
  /// The office of a code.
  ///
  /// - Throws: a fault when there is none.
  func tenant(_ code: String) async throws -> TenantStore.Tenant {
    guard let tenant = try await read({ try await $0.first(TenantStore.one(code)) }) else { throw Faults([.noTenant(code)]) }
    return tenant
  }
}

extension Fault {
  static func noTenant(_ code: String) -> Fault {
    Fault(code: "unknown-reference", detail: Text(zh: "没有单位“\(code)”。", en: "There is no office “\(code)”."))
  }

  static func noContract(_ id: String) -> Fault {
    Fault(code: "unknown-reference", detail: Text(zh: "没有合同“\(id)”。", en: "There is no contract “\(id)”."))
  }
}

/// A contract as it is stored.
private struct StoredContract: Sendable {
  let tenant: TenantStore.Tenant
  let contract: ContractStore.Row
  let revisions: [RevisionStore.Revision]
  let text: ContractTextStore.Attached?

  var json: JSON {
    [
      "tenant": .string(tenant.code), "id": .string(contract.id), "title": contract.title.json, "vendor": .string(contract.vendor),
      "state": .string(contract.state.rawValue), "vendorFrom": .string("\(contract.vendorFrom)"),
      "vendorUntil": contract.vendorUntil.map { .string("\($0)") } ?? .null,
      "revisions": .array(
        revisions.map { revision in
          [
            "revision": .integer(revision.number), "kind": .string(revision.kind.rawValue),
            "effectiveFrom": .string("\(revision.effectiveFrom)"), "sha256": .string(Hex.encode(revision.checksum)),
            "document": revision.document,
          ]
        }),
      "text": text.map { ["version": .integer($0.version), "sha256": .string(Hex.encode($0.checksum)), "words": .string($0.words)] }
        ?? .null,
    ]
  }
}

/// A contract as people read it.
private struct ContractPage {
  let stored: StoredContract
  let document: ContractDocument
  let language: Language

  private func line(_ zh: String, _ en: String, _ value: String) -> (String, String) { (Text(zh: zh, en: en)[language], value) }

  func show() {
    Output.line("\(stored.tenant.name[language]) · \(document.title[language])")
    let terms = document.terms
    let until = stored.contract.vendorUntil.map { "\($0)" } ?? "…"
    let facts = [
      line("甲方", "office", terms.office.name), line("乙方", "vendor", terms.vendor.name),
      line("合同编号", "number", document.number ?? ""),
      line("签订", "signed", Set(terms.signing.dates.map(\.on)).sorted().map { "\($0)" }.joined(separator: ", ")),
      line("期限", "term", "\(terms.term.range)"), line("总价", "total", "\(terms.total.amount.grouped)  \(terms.total.amount.capitals)"),
      line("状态", "state", stored.contract.state.title[language]),
      line("乙方可见", "vendor's access", "\(stored.contract.vendorFrom) … \(until)"),
    ]
    var head = Table()
    for (name, value) in facts where !value.isEmpty { head.add(name, value) }
    Output.line(head.text)
    showRevisions()
    for section in document.sections { show(section) }
    if let text = stored.text { showWords(of: text) }
  }

  /// Every cited clause: what we say of it, and its own words.
  private func showWords(of text: ContractTextStore.Attached) {
    let words = ContractText(text.words)
    Output.line(
      "\n"
        + Text(
          zh: "条款原文（第 \(text.version) 版，SHA-256 \(Hex.encode(text.checksum).prefix(12))）",
          en: "Clauses in their own words (version \(text.version), SHA-256 \(Hex.encode(text.checksum).prefix(12)))")[language])
    let items = document.sections.flatMap(\.items)
    for clause in document.citedClauses {
      Output.line("\n" + clause)
      for item in items where item.citation.clause == clause { Output.line("  \(item.id): \(item.citation.says[language])") }
      let passage = words.words(citing: clause) ?? Text(zh: "（原文中没有此条）", en: "(the text has no such clause)")[language]
      for line in passage.split(separator: "\n") { Output.line("  | \(line)") }
    }
  }

  private func showRevisions() {
    Output.line("\n" + Text(zh: "历次文本", en: "Papers")[language])
    var table = Table(
      Text(zh: "序号", en: "no.")[language], Text(zh: "种类", en: "kind")[language], Text(zh: "自", en: "from")[language], "SHA-256",
      Text(zh: "内容", en: "says")[language])
    for revision in stored.revisions {
      let isShown = revision.effectiveFrom == document.revision.effectiveFrom
      table.add(
        "\(revision.number)" + (isShown ? " *" : ""), revision.kind.title[language], "\(revision.effectiveFrom)",
        String(Hex.encode(revision.checksum).prefix(12)), isShown ? document.revision.citation.says[language] : "")
    }
    Output.line(table.text)
  }

  private func show(_ section: ContractDocument.Section) {
    Output.line("\n" + section.title[language])
    let hasAmounts = section.items.contains { $0.amount != nil }
    let title = [
      Text(zh: "标识", en: "id")[language], Text(zh: "条款", en: "clause")[language], Text(zh: "金额", en: "amount")[language],
      Text(zh: "内容", en: "says")[language],
    ]
    var table = Table(head: hasAmounts ? title : [title[0], title[1], title[3]])
    for item in section.items {
      let reading = item.citation.reading.map { Text(zh: "（理解：\($0.zh)）", en: " (read as: \($0.en))")[language] } ?? ""
      let amount = hasAmounts ? [item.amount?.text[language] ?? ""] : []
      table.add(row: [item.id, item.citation.clause] + amount + [item.citation.says[language] + reading])
    }
    Output.line(table.text)
  }
}

extension Amount {
  /// `1,114,000.00`, or a share and what it is of.
  fileprivate var text: Text {
    switch self {
    case .fixed(let amount): Text(zh: amount.grouped, en: amount.grouped)
    case .share(let share, let basis): Text(zh: "\(basis.name.zh)的 \(share)", en: "\(share) of \(basis.name.en)")
    }
  }
}

extension ContractDocument.Revision.Kind {
  fileprivate var title: Text {
    switch self {
    case .original: Text(zh: "原合同", en: "original")
    case .supplement: Text(zh: "补充协议", en: "supplement")
    case .renewal: Text(zh: "续签", en: "renewal")
    case .holdOver: Text(zh: "到期延续", en: "hold-over")
    }
  }
}

extension ContractStore.State {
  fileprivate var title: Text {
    switch self {
    case .draft: Text(zh: "草稿", en: "draft")
    case .active: Text(zh: "有效", en: "active")
    case .terminated: Text(zh: "已解除", en: "terminated")
    case .closed: Text(zh: "已结清", en: "closed")
    }
  }
}
