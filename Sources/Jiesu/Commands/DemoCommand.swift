// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Command {
  static let demoLoad = Command(
    words: ["demo", "load"], arguments: ["PATH"],
    options: [
      Option(name: "--people", says: Text(zh: "只载入人员", en: "the people only"), value: ""),
      Option(
        name: "--orders",
        says: Text(
          zh: "各单位一年的工单数，默认为其常年数的二十分之一，0 为不载入",
          en: "work orders of a year for each office; a twentieth of what it has unless told; 0 for none"),
        value: "COUNT"),
      Option(name: "--until", says: Text(zh: "这一年的最后一日，默认昨日", en: "the last day of that year, yesterday unless told"), value: "DATE"),
      Option(name: "--seed", says: Text(zh: "随机数种子，默认 1", en: "the seed of its chance, 1 unless told"), value: "NUMBER"),
    ],
    says: Text(
      zh: "载入演示人员、事实与一年的工单；口令写入 <state>/demo-logins",
      en: "load people to look around as, facts, and a year of work orders; passwords go to <state>/demo-logins")
  ) { invocation, configuration in
    let files = try Files.decoded(DemoFile.shape, in: invocation.arguments[0])
    let path = try Files.makeState(configuration) + "/demo-logins"
    let isPeopleOnly = invocation.option("--people") != nil
    let years = isPeopleOnly ? nil : try DemoYears(invocation, configuration, for: files.map(\.value))
    // One connection asks what the next orders need while the other writes.
    let outcome = try await CommandSession.run(configuration, connections: 2) { session in
      var loading = DemoLoading(session: session, logins: try DemoLogins(path))
      var outcome = try await loading.load(files.map(\.value))
      guard !isPeopleOnly else { return outcome }
      for (demo, _, file) in files {
        guard let code = demo.tenant, !demo.records.isEmpty else { continue }
        let recording = DemoRecording(session: session, tenant: try await session.tenant(code), file: file, records: demo.records)
        outcome.recorded += try await recording.load()
      }
      outcome.orders = try await years?.load(by: session) ?? 0
      return outcome
    }
    if invocation.isForMachines {
      Output.json([
        "added": .array(outcome.added.map { .string($0) }), "known": .integer(outcome.known), "recorded": .integer(outcome.recorded),
        "orders": .integer(outcome.orders), "logins": .string(path),
      ])
    } else {
      let (added, known) = (outcome.added.count, outcome.known)
      Output.line(
        Text(
          zh: "演示人员：新增 \(added) 人，已有 \(known) 人；新录入事实 \(outcome.recorded) 项，工单 \(outcome.orders) 张；登录名与口令在 \(path)",
          en: """
            people to look around as: \(added) added, \(known) known; \(outcome.recorded) facts recorded, \(outcome.orders) work orders taken in; \
            logins and passwords are in \(path)
            """
        )[invocation.language])
    }
    return .success
  }
}

/// Adds the people of a demonstration who are not there yet.
private struct DemoLoading {
  struct Outcome: Sendable {
    var added: [String] = []
    var known = 0
    var recorded = 0
    var orders = 0
  }

  /// Somebody to be added, and where.
  private struct Candidate: Sendable {
    let login: String
    let name: String?
    let organisation: String?
    let platformRoles: [String]
    let tenant: TenantID?
    let person: String?
    let password: String
  }

  let session: CommandSession
  var logins: DemoLogins

  mutating func load(_ files: [DemoFile]) async throws -> Outcome {
    var outcome = Outcome()
    var candidates: [Candidate] = []
    for file in files {
      for user in file.platformUsers {
        if try await exists(user.login) {
          outcome.known += 1
          continue
        }
        let password = try logins.password(of: user.login, says: "\(user.name) \(user.roles.joined(separator: ","))")
        candidates.append(
          Candidate(
            login: user.login, name: user.name, organisation: OrganisationStore.platform, platformRoles: user.roles, tenant: nil,
            person: nil,
            password: password))
      }
      guard let code = file.tenant else { continue }
      let tenant = try await session.tenant(code)
      for user in file.users {
        let isTaken = try await taken(user.person, in: tenant.id)
        let isKnown = try await exists(user.login)
        if isTaken || isKnown {
          outcome.known += 1
          continue
        }
        let password = try logins.password(of: user.login, says: try await describe(user.person, in: tenant))
        candidates.append(
          Candidate(
            login: user.login, name: nil, organisation: nil, platformRoles: [], tenant: tenant.id, person: user.person, password: password))
      }
    }
    guard !candidates.isEmpty else { return outcome }
    // First the file: a password that is in the database only is lost.
    try logins.write()
    // A made password has a hundred bits, so a costly hash would not make it harder to guess.
    let parameters = try Scrypt(logN: 10, r: 8, p: 1)
    try await add(candidates.map { ($0, try PasswordHash(password: $0.password, parameters: parameters).encoded) })
    outcome.added = candidates.map(\.login)
    return outcome
  }

  private func exists(_ login: String) async throws -> Bool {
    try await session.read { try await $0.first(UserStore.one(login: login)) } != nil
  }

  /// Whether somebody signs in as the person already.
  private func taken(_ person: String, in tenant: TenantID) async throws -> Bool {
    try await session.read(in: .tenant(tenant.number)) { try await $0.first(StaffStore.person(person, in: tenant)) }?.user != nil
  }

  /// A person's name, office and roles, for the file of logins.
  private func describe(_ person: String, in tenant: TenantStore.Tenant) async throws -> String {
    try await session.read(in: .tenant(tenant.id.number)) { transaction in
      let name = try await transaction.first(StaffStore.person(person, in: tenant.id))?.displayName ?? ""
      let office = try await transaction.query(TenantFileStore.list(in: tenant.id)).first { $0.path == "office.json" }
      let codes = TenantFiles.grants(in: office?.document ?? [:]).filter { $0.person == person }.map(\.role)
      let titles = try await transaction.query(RoleStore.list(in: tenant.id)).filter { codes.contains($0.code) }.map(\.title.zh)
      return "\(tenant.name.zh) \(titles.joined(separator: "、")) \(name)"
    }
  }

  /// Everybody of one office in one transaction.
  private func add(_ candidates: [(candidate: Candidate, hash: String)]) async throws {
    for (tenant, group) in Dictionary(grouping: candidates, by: \.candidate.tenant) {
      try await session.write(in: tenant.map { .tenant($0.number) } ?? .platform) { transaction in
        var identities = UUIDv7Generator()
        var notes = CommandNotes(session)
        if tenant == nil { _ = try await transaction.rows(OrganisationStore.putPlatform(at: session.now)) }
        for (candidate, hash) in group {
          let addition = UserAddition(
            login: candidate.login, displayName: candidate.name, organisation: candidate.organisation, passwordHash: hash,
            platformRoles: candidate.platformRoles, tenant: tenant, place: candidate.person.map { .person($0) })
          let added = try await addition.perform(in: transaction, at: session.now, identities: &identities)
          _ = try await transaction.rows(notes.added(added, tenant: tenant))
        }
      }
    }
  }
}
