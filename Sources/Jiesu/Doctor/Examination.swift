// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

/// Looks over a deployment as the server sees it, check by check; changes nothing.
struct Examination {
  /// What one check found.
  struct Result: Sendable {
    /// Stable, in kebab-case.
    let code: String
    let title: Text
    /// What was seen, where all is well.
    var note: String?
    var findings: [Text] = []
  }

  let session: CommandSession
  let configuration: Configuration
  private(set) var results: [Result] = []

  init(session: CommandSession, configuration: Configuration) {
    self.session = session
    self.configuration = configuration
  }

  mutating func run() async throws {
    try await server()
    // Nothing can be asked of tables that are not there.
    guard try await migrations() else { return secrets() }
    for question in SchemaCheck.questions {
      let names = try await session.read { try await $0.query(question.query) }
      results.append(
        Result(code: question.code, title: question.title, findings: names.map { Text(zh: $0, en: $0) }))
    }
    try await documents()
    results.append(try await snapshots(of: tenants()))
    try await calendars()
    secrets()
  }

  // MARK: The database

  private mutating func server() async throws {
    let server = try await session.read { try await $0.query(SchemaCheck.server) }[0]
    var result = Result(
      code: "database", title: Text(zh: "数据库", en: "database"), note: "PostgreSQL \(server.name), \(server.role)")
    if server.version < 150_000 {
      result.findings.append(
        Text(zh: "PostgreSQL \(server.name) 太旧，须 15 或更新", en: "PostgreSQL \(server.name) is too old; 15 or newer is needed"))
    }
    let seconds = abs(server.clock.microseconds(since: Clock.wall())) / 1_000_000
    if seconds > 5 {
      result.findings.append(
        Text(zh: "数据库与本机时钟相差 \(seconds) 秒", en: "the database's clock and this machine's are \(seconds) seconds apart"))
    }
    results.append(result)
  }

  /// - Returns: whether every step was taken.
  private mutating func migrations() async throws -> Bool {
    var isWhole = true
    var result = Result(code: "migrations", title: Text(zh: "数据库结构", en: "schema"))
    do {
      let files = try MigrationFile.read(directory: Home(configuration).path("sql/migrations"))
      let applied = try await session.read { try await $0.query(SchemaCheck.applied) }
      let plan = try MigrationPlan(files: files, applied: applied)
      result.note = "\(applied.count)"
      isWhole = plan.pending.isEmpty
      for file in plan.pending {
        result.findings.append(
          Text(
            zh: "迁移 \(file.number) \(file.name) 尚未执行：jiesu migrate", en: "migration \(file.number) \(file.name) is missing: jiesu migrate"))
      }
    } catch let error as MigrationError {
      result.findings.append(error.text)
    } catch let error as PostgresError where error.state == .undefinedTable {
      isWhole = false
      result.findings.append(Text(zh: "数据库是空的：jiesu migrate", en: "the database is empty: jiesu migrate"))
    }
    results.append(result)
    return isWhole
  }

  // MARK: Documents

  /// Every stored document still is what its checksum says, and this version can read it.
  private mutating func documents() async throws {
    var result = Result(code: "documents", title: Text(zh: "文件摘要", en: "documents' digests"))
    var count = 0
    func look(_ name: String, _ document: JSON, _ checksum: [UInt8], _ faults: Faults?) throws {
      count += 1
      if try SHA256.digest(of: document.canonical) != checksum {
        result.findings.append(Text(zh: "\(name)：内容与录入时的摘要不符", en: "\(name): the content is not what its digest says"))
      }
      if let fault = faults?.list.first {
        result.findings.append(
          Text(zh: "\(name) \(fault.pointer)：\(fault.detail.zh)", en: "\(name) \(fault.pointer): \(fault.detail.en)"))
      }
    }
    for pack in try await session.read({ try await $0.query(RulePackStore.latest()) }) {
      try look("rule-pack \(pack.code)", pack.document, pack.checksum, RulePack.shape.faults(in: pack.document))
    }
    for tenant in try await tenants() {
      let stored = try await session.read(in: .tenant(tenant.id.number)) { transaction in
        (
          try await transaction.query(RevisionStore.list(in: tenant.id)), try await transaction.query(RuleTableStore.list(in: tenant.id)),
          try await transaction.query(TenantFileStore.list(in: tenant.id))
        )
      }
      for paper in stored.0 {
        let name = "\(tenant.code) contract \(paper.contract)/\(paper.number)"
        try look(name, paper.document, paper.checksum, ContractDocument.shape.faults(in: paper.document))
      }
      for table in stored.1 { try look("\(tenant.code) rules \(table.purpose)/\(table.number)", table.document, table.checksum, nil) }
      for file in stored.2 { try look("\(tenant.code) \(file.path)", file.document, file.checksum, nil) }
    }
    result.note = "\(count)"
    results.append(result)
  }

  private func tenants() async throws -> [TenantStore.Tenant] {
    try await session.read { try await $0.query(TenantStore.page(after: nil, limit: .max)) }
  }

  // MARK: Calendars

  /// The years that every contract's term and today lie in are loaded.
  private mutating func calendars() async throws {
    var result = Result(code: "calendars", title: Text(zh: "工作日历", en: "calendars"))
    let loaded = Set(try await session.read { try await $0.query(CalendarStore.years()) }.map { Int($0.year) })
    let today = session.now.date
    if !loaded.contains(today.year) {
      result.findings.append(
        Text(zh: "缺少今年（\(today.year)）的日历", en: "the calendar of this year (\(today.year)) is not loaded"))
    }
    // The State Council publishes a year's holidays in November of the year before.
    if today.components.month == 12, !loaded.contains(today.year + 1) {
      result.findings.append(
        Text(zh: "缺少明年（\(today.year + 1)）的日历", en: "the calendar of next year (\(today.year + 1)) is not loaded"))
    }
    for tenant in try await tenants() {
      let papers = try await session.read(in: .tenant(tenant.id.number)) { try await $0.query(RevisionStore.list(in: tenant.id)) }
      for (id, chain) in Dictionary(grouping: papers, by: \.contract).sorted(by: { $0.key < $1.key }) {
        // One that cannot be read is a finding of another check.
        guard let term = try? RevisionStore.contract(chain).term else { continue }
        for year in term.first.year...term.last.year where !loaded.contains(year) {
          result.findings.append(
            Text(
              zh: "合同 \(tenant.code)/\(id) 的期限 \(term) 涉及 \(year) 年，其日历未载入",
              en: "contract \(tenant.code)/\(id) runs \(term); the calendar of \(year) is not loaded"))
        }
      }
    }
    if let first = loaded.min(), let last = loaded.max() { result.note = "\(first) … \(last)" }
    results.append(result)
  }

  // MARK: Secrets

  private mutating func secrets() {
    var result = Result(code: "secrets", title: Text(zh: "密钥文件", en: "secrets' files"))
    let look = SecretsCheck(state: configuration.text(.state), passwordFile: Environment.variables()["PGPASSFILE"])
    result.findings = look.findings
    result.note = configuration.text(.state)
    results.append(result)
  }
}

extension Shape {
  /// What is wrong with a document, or nil.
  fileprivate func faults(in document: JSON) -> Faults? {
    if case .failure(let faults) = decode(document) { faults } else { nil }
  }
}
