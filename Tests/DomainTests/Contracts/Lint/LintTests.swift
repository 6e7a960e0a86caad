// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials
import Testing

@Suite("Lint on the five contracts")
struct LintTests {
  struct Defect: Sendable, CustomStringConvertible {
    let tenant: String
    let code: Finding.Code
    let clause: String
    /// What its values or its sentence name.
    var names: [String] = []
    var needsText = false

    var description: String { "\(tenant): \(code.rawValue) at \(clause)" }
  }

  /// What is known to be wrong with the five papers, each read in them by people.
  static let defects: [Defect] = [
    Defect(tenant: "anding", code: .signedAfterTerm, clause: "10.2", names: ["2025-12-15", "2024-12-25"]),
    Defect(tenant: "anding", code: .strangerNamed, clause: "第五条", names: ["卫生健康委员会"]),
    Defect(tenant: "anding", code: .noThreshold, clause: "附件2", names: ["及时", "基本及时"]),
    Defect(tenant: "xisanqi", code: .termLength, clause: "11.1", names: ["1 年", "351"]),
    Defect(tenant: "xisanqi", code: .openUnderCap, clause: "7.7", names: ["111,400.00", "7.8"]),
    Defect(tenant: "xisanqi", code: .penaltyUnderCap, clause: "7.8", names: ["111,400.00", "7.7"], needsText: true),
    Defect(tenant: "xisanqi", code: .annexAbsent, clause: "5.1", names: ["附件1"]),
    Defect(tenant: "xisanqi", code: .annexAbsent, clause: "1.2, 1.3, 3.1.2, 3.2.3", names: ["工作说明书"]),
    Defect(tenant: "xisanqi", code: .signingDatesDiffer, clause: "12.7", names: ["2024-03-05", "2024-03-15"]),
    Defect(tenant: "xisanqi", code: .dueAfterEnd, clause: "4.2.1", names: ["2025-03-31", "2025-02-28"]),
    Defect(tenant: "xisanqi", code: .numberDoubled, clause: "12.3", names: ["12.3"]),
    Defect(tenant: "xisanqi", code: .referenceTopic, clause: "3.2.3", names: ["第八条"]),
    Defect(tenant: "xisanqi", code: .referenceTopic, clause: "6.1", names: ["第六条"]),
    Defect(tenant: "xisanqi", code: .referenceTopic, clause: "12.3", names: ["第一条"]),
    Defect(tenant: "huoying", code: .noThreshold, clause: "附件1 六", names: ["良好", "好"]),
    Defect(tenant: "huoying", code: .rewardsAboveTenth, clause: "附件1 六", names: ["360,000.00", "30.9%"]),
    Defect(tenant: "fangshan", code: .monthDivisor, clause: "第九条", names: ["12", "5 个月零 5 天"]),
    Defect(tenant: "fangshan", code: .shareMissed, clause: "4.4", names: ["34,949.20", "34,979.17", "10%"]),
    Defect(tenant: "fangshan", code: .numberSkipped, clause: "3.2.3", names: ["3.2.2"]),
    Defect(tenant: "fangshan", code: .irregularNumeral, clause: "第九条", names: ["千", "仟"]),
    Defect(tenant: "sanjianfang", code: .dueAtSigning, clause: "第十条", names: ["2019-10-10"]),
    Defect(tenant: "sanjianfang", code: .termDayOver, clause: "第六条", names: ["367 天"]),
    Defect(tenant: "sanjianfang", code: .sameAddress, clause: "第三十二条", names: ["5044室"]),
    Defect(tenant: "sanjianfang", code: .twoDueRules, clause: "第十条", names: ["2020-10-31"]),
    Defect(tenant: "sanjianfang", code: .readAs, clause: "第十八条", names: ["主语"]),
    Defect(tenant: "sanjianfang", code: .paysItself, clause: "第十八条", names: ["向甲方支付"], needsText: true),
    Defect(tenant: "sanjianfang", code: .numberMisprinted, clause: "第十一条", names: ["第十一一条"]),
    Defect(tenant: "xisanqi", code: .recurrenceStateless, clause: "2.2.5"),
    Defect(tenant: "anding", code: .noClock, clause: "7.2"),
    Defect(tenant: "anding", code: .noConsequence, clause: "附件1 一.1"),
  ]

  static func findings(_ tenant: String, text: ContractText? = nil) throws -> [Finding] {
    let files = try RepositoryFiles.tenant(tenant)
    let contract = try #require(files.contracts.first).contract
    return Lint(contract, packs: try RepositoryFiles.rulePacks(), assignments: files.staff.assignments, text: text).findings()
  }

  @Test("every defect that people read in the papers is found", arguments: defects)
  func known(defect: Defect) throws {
    var text: ContractText?
    if defect.needsText {
      guard let texts = try SharedContracts.texts() else { return }
      text = texts.first { $0.tenant == defect.tenant }?.text
    }
    let findings = try Self.findings(defect.tenant, text: text)
    let found = findings.contains { finding in
      finding.code == defect.code && finding.clause == defect.clause
        && defect.names.allSatisfy { name in finding.sentence.zh.contains(name) || finding.values.contains { $0.zh.contains(name) } }
    }
    #expect(found, "\(defect); there are \(findings.filter { $0.code == defect.code }.map { "\($0.clause) \($0.sentence.zh)" })")
  }

  @Test("a sentence in Chinese names an event as people do", arguments: ["anding", "fangshan", "huoying", "sanjianfang", "xisanqi"])
  func names(tenant: String) throws {
    for finding in try Self.findings(tenant) {
      // What stands in quotation marks is a name of the document's.
      let bare = finding.sentence.zh.split(separator: "“").map { $0.split(separator: "”", maxSplits: 1).last ?? "" }.joined()
      for event in KnownEvent.allCases { #expect(!bare.contains(event.rawValue), "\(finding.sentence.zh)") }
    }
  }

  @Test("the texts alone show what is wrong with their numbers, references, dates and parties")
  func fromTextsAlone() throws {
    guard let texts = try SharedContracts.texts() else { return }
    for (tenant, code, clause) in [
      ("fangshan", Finding.Code.irregularNumeral, "第九条"), ("fangshan", .numberSkipped, "3.2.3"), ("xisanqi", .numberDoubled, "12.3"),
      ("sanjianfang", .numberMisprinted, "第十一条"), ("sanjianfang", .sameAddress, "签章页"), ("anding", .strangerNamed, "5.6"),
      ("xisanqi", .referenceTopic, "3.2.3"), ("xisanqi", .referenceTopic, "6.1"), ("xisanqi", .annexAbsent, "5.1"),
    ] {
      // The document stands for the paper without saying anything of its faults.
      let text = try #require(texts.first { $0.tenant == tenant }?.text)
      let document = try Doctored.silent(tenant)
      let findings = Lint(
        try Contract([document]), packs: try RepositoryFiles.rulePacks(), assignments: [], text: text
      ).findings()
      #expect(findings.contains { $0.code == code && $0.clause == clause }, "\(tenant) \(code) \(clause): \(findings.map(\.id))")
    }
  }

  @Test("nothing is said against the amounts whose spellings agree, nor against plans that sum")
  func agreeing() throws {
    let texts = try SharedContracts.texts()
    var spelt: Set<String> = []
    for tenant in try RepositoryFiles.tenants() {
      let document = try #require(try RepositoryFiles.tenant(tenant).contracts.first).contract.original
      let printed = document.terms.total.printed + document.terms.payments.flatMap(\.printed) + (document.terms.holdOver?.printed ?? [])
      spelt.formUnion(printed.compactMap(\.capitals))
      let findings = try Self.findings(tenant, text: texts?.first { $0.tenant == tenant }?.text)
      let against: Set<Finding.Code> = [.spellingsDiffer, .unreadableNumeral, .amountMismatch, .planMismatch, .pointsMismatch]
      #expect(findings.filter { against.contains($0.code) }.isEmpty, "\(tenant): \(findings.map(\.sentence.zh))")
    }
    #expect(spelt.count == 13)
  }

  @Test("nothing in a document disagrees with its own text: what is found of both is the paper's own fault")
  func agreement() throws {
    guard let texts = try SharedContracts.texts() else { return }
    for (tenant, text) in texts {
      let found = try Self.findings(tenant, text: text).filter {
        $0.code.rawValue.hasSuffix("-in-text") || $0.code.rawValue.hasSuffix("-in-document")
      }
      #expect(found.isEmpty, "\(tenant): \(found.map { "\($0.id) \($0.clause) \($0.sentence.zh)" })")
    }
  }

  @Test("all that is found in the five can be read: JIESU_SHOW_LINT=1 prints it")
  func page() throws {
    let texts = try SharedContracts.texts()
    for tenant in try RepositoryFiles.tenants() {
      let findings = try Self.findings(tenant, text: texts?.first { $0.tenant == tenant }?.text)
      #expect(!findings.isEmpty)
      guard ProcessInfo.processInfo.environment["JIESU_SHOW_LINT"] == "1" else { continue }
      for finding in findings { print(tenant, finding.clause, finding.code.rawValue, finding.sentence.zh, separator: " | ") }
    }
  }

  @Test("docs/lint.md says what every code means, and which are errors")
  func documented() throws {
    let page = try RepositoryFiles.text("docs/lint.md")
    for code in Finding.Code.allCases {
      #expect(page.contains("`\(code.rawValue)`"), "\(code.rawValue)")
      #expect(page.contains("`\(code.rawValue)` (error)") == (code.severity == .error), "\(code.rawValue)")
    }
  }

  @Test("a finding keeps its name when its values change, and both languages say it")
  func names() throws {
    for tenant in try RepositoryFiles.tenants() {
      let findings = try Self.findings(tenant)
      #expect(Set(findings.map(\.id)).count == findings.count)
      for finding in findings { #expect(!finding.sentence.zh.isEmpty && !finding.sentence.en.isEmpty && finding.severity == .warning) }
    }
  }
}
