// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import EventLoop
import Glibc
import Postgres
import Store

extension Command {
  static let keysRotate = Command(
    words: ["keys", "rotate"],
    options: [
      Option(name: "--tenant", says: Text(zh: "只此单位", en: "this office only"), value: "CODE"),
      Option(name: "--wait", says: Text(zh: "等候其他服务进程的秒数，默认 40", en: "seconds to wait for servers, 40 unless told"), value: "SECONDS"),
      Option(name: "--master", says: Text(zh: "更换主密钥", en: "rotate the master key"), value: ""),
    ],
    says: Text(zh: "更换密钥并重新加密诉求人信息，服务不停", en: "rotate keys and seal citizens' data again, while the server serves")
  ) { invocation, configuration in
    let wait = invocation.option("--wait") ?? "40"
    guard let seconds = Int(wait), 0...3600 ~= seconds else {
      throw UsageError(Text(zh: "--wait 须为 0 到 3600 的整数", en: "--wait is a whole number from 0 to 3600"))
    }
    var masters = try MasterKeys.read(configuration)
    let isMaster = invocation.option("--master") != nil
    if isMaster {
      // The file first: a key in the database must never be sealed with what is nowhere.
      let file = masters.adding(try .random())
      try Files.writeSecret("\(Files.makeState(configuration))/\(MasterKeys.fileName)", file)
      masters = try MasterKeys(file)
    }
    let known = masters
    let done = try await CommandSession.run(configuration) { session in
      var done: [(code: String, count: Int)] = []
      let tenants = try await session.tenants(named: isMaster ? nil : invocation.option("--tenant"))
      for tenant in tenants {
        let rotation = KeyRotation(session: session, tenant: tenant.id, masters: known)
        done.append((tenant.code, isMaster ? try await rotation.sealKeys() : try await rotation.begin()))
      }
      if !isMaster, seconds > 0, done.contains(where: { $0.count > 0 }) {
        try await session.heavy.loop.sleep(for: .seconds(seconds))
        for (place, tenant) in tenants.enumerated() {
          done[place].count += try await KeyRotation(session: session, tenant: tenant.id, masters: known).sealContents()
        }
      }
      return done
    }
    if invocation.isForMachines {
      Output.json([
        "master": .integer(known.current),
        "tenants": .array(done.map { ["tenant": .string($0.code), "sealed": .integer($0.count)] }),
      ])
    } else {
      let language = invocation.language
      var table = Table(
        Text(zh: "单位", en: "office")[language],
        (isMaster ? Text(zh: "重新加密的密钥", en: "keys sealed") : Text(zh: "重新加密的诉求人", en: "citizens sealed"))[language])
      for (code, count) in done { table.add(code, "\(count)") }
      Output.line(table.text)
    }
    return .success
  }
}

/// Puts a new key in the place of an office's, and seals everything with it.
private struct KeyRotation: Sendable {
  private static let batch: Int32 = 500

  let session: CommandSession
  let tenant: TenantID
  let masters: MasterKeys

  /// Makes the new key and seals what there is; nothing for an office that has no key yet.
  ///
  /// - Returns: how many citizens were sealed again.
  func begin() async throws -> Int {
    let hasKeys = try await session.write(in: .tenant(tenant.number)) { transaction in
      _ = try await transaction.rows(
        DataKeyStore.forgetUnused(retiredBefore: try session.now.adding(microseconds: -Instant.day), in: tenant))
      let stored = try await transaction.query(DataKeyStore.all(in: tenant))
      guard let current = stored.last(where: { $0.purpose == .citizen && !$0.isRetired }) else { return false }
      let number = (stored.map(\.number).max() ?? 0) + 1
      var notes = CommandNotes(session)
      _ = try await transaction.rows([
        DataKeyStore.retire(current.number, at: session.now, in: tenant),
        try DataKeyStore.add(.random(), number: number, purpose: .citizen, sealedBy: masters, at: session.now, in: tenant),
        notes.office("keys.rotate", "data-key", "\(number)", in: tenant),
      ])
      return true
    }
    return hasKeys ? try await sealContents() : 0
  }

  /// Seals with the key in use what is sealed with another.
  func sealContents() async throws -> Int {
    for table in KeyRing.Table.allCases { try await sealRows(of: table) }
    var count = 0
    while true {
      let sealed = try await session.write(in: .tenant(tenant.number)) { transaction in
        let stored = try await transaction.query(DataKeyStore.all(in: tenant))
        guard let ring = try CitizenKeys.ring(stored, of: tenant, masters) else { return 0 }
        let rows = try await transaction.query(
          OrderContentStore.sealedOtherwise(than: ring.current, limit: Self.batch, in: tenant))
        guard !rows.isEmpty else { return 0 }
        let again = try rows.map { row in
          (
            order: row.order, sealed: try ring.seal(ring.open(row.sealed, with: row.key, of: row.order), of: row.order),
            version: row.version
          )
        }
        _ = try await transaction.rows(OrderContentStore.reseal(again, key: ring.current, in: tenant))
        return rows.count
      }
      guard sealed > 0 else { return count }
      count += sealed
    }
  }

  /// The same for what is kept of key complainants.
  private func sealRows(of table: KeyRing.Table) async throws {
    while true {
      let sealed = try await session.write(in: .tenant(tenant.number)) { transaction in
        let stored = try await transaction.query(DataKeyStore.all(in: tenant))
        guard let ring = try CitizenKeys.ring(stored, of: tenant, masters) else { return 0 }
        let rows = try await transaction.query(SealedRowStore.sealedOtherwise(than: ring.current, in: table, limit: Self.batch, of: tenant))
        guard !rows.isEmpty else { return 0 }
        let again = try rows.map { row in
          (
            id: row.id, sealed: try ring.seal(ring.open(row.sealed, with: row.key, in: table, of: row.id), in: table, of: row.id),
            before: row.key
          )
        }
        _ = try await transaction.rows(SealedRowStore.reseal(again, key: ring.current, in: table, of: tenant))
        return rows.count
      }
      if sealed == 0 { return }
    }
  }

  /// Seals the office's keys with the master key in use.
  func sealKeys() async throws -> Int {
    try await session.write(in: .tenant(tenant.number)) { transaction in
      let stale = try await transaction.query(DataKeyStore.all(in: tenant)).filter { $0.master != masters.current }
      guard !stale.isEmpty else { return 0 }
      var notes = CommandNotes(session)
      _ = try await transaction.rows(
        try stale.map { try DataKeyStore.reseal($0, with: masters, in: tenant) }
          + [notes.office("keys.rotate-master", "data-key", "\(masters.current)", in: tenant)])
      return stale.count
    }
  }
}
