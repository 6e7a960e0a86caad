// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Synchronization

/// An office's keys, opened: what its citizens' data is sealed and opened with, and found by.
package struct KeyRing: Sendable {
  /// The number of the key that seals.
  package let current: Int32
  private let keys: [Int32: SymmetricKey]
  private let phones: HMACSHA256
  private let tenant: TenantID

  init(current: Int32, keys: [Int32: SymmetricKey], phones: HMACSHA256, tenant: TenantID) {
    self.current = current
    self.keys = keys
    self.phones = phones
    self.tenant = tenant
  }

  package func opens(_ number: Int32) -> Bool { keys[number] != nil }

  /// Seals who asks in an order.
  package func seal(_ citizen: Citizen, of order: UUIDv7) throws(CryptoError) -> [UInt8] {
    guard let key = keys[current] else { throw .malformed("the office's key \(current) is not there") }
    var writer = JSONWriter()
    writer.value(citizen.json)
    return try SealedEnvelope.seal(writer.bytes, key: key, context: context(order))
  }

  /// - Throws: `CryptoError` when the key is unknown or the data was changed or moved to another order.
  package func open(_ sealed: [UInt8], with number: Int32, of order: UUIDv7) throws(CryptoError) -> Citizen {
    guard let key = keys[number] else { throw .malformed("the office's key \(number) is not there") }
    let bytes = try SealedEnvelope.open(sealed, key: key, context: context(order))
    guard case .success(let citizen) = Citizen.sealedShape.decode(bytes: bytes) else { throw .malformed("the citizen of an order") }
    return citizen
  }

  /// A table beside that of the orders in which something of citizens is sealed, by its name.
  package enum Table: String, Sendable, CaseIterable {
    case complainant = "key_complainant"
    case record = "complainant_record"
  }

  /// Seals what belongs to a row.
  package func seal(_ json: JSON, in table: Table, of row: UUIDv7) throws(CryptoError) -> [UInt8] {
    guard let key = keys[current] else { throw .malformed("the office's key \(current) is not there") }
    var writer = JSONWriter()
    writer.value(json)
    return try SealedEnvelope.seal(writer.bytes, key: key, context: context(table, row))
  }

  /// - Throws: `CryptoError` when the key is unknown or the data was changed or moved to another row.
  package func open(_ sealed: [UInt8], with number: Int32, in table: Table, of row: UUIDv7) throws(CryptoError) -> JSON {
    guard let key = keys[number] else { throw .malformed("the office's key \(number) is not there") }
    let bytes = try SealedEnvelope.open(sealed, key: key, context: context(table, row))
    do throws(JSONError) {
      return try JSON.parse(bytes)
    } catch {
      throw .malformed("what is sealed in \(table.rawValue)")
    }
  }

  private func context(_ table: Table, _ row: UUIDv7) -> [UInt8] { Array("\(table.rawValue)/\(tenant.number)/\(row)".utf8) }

  /// The code by which a citizen is found again who has a telephone: that of the first, and of no extension; nil where they have none.
  ///
  /// Half of the digest is enough to tell an office's callers apart.
  package func phoneCode(of citizen: Citizen) throws(CryptoError) -> [UInt8]? {
    guard let digits = citizen.telephones.first else { return nil }
    return Array(try phones.code(for: Array("phone/".utf8) + digits).prefix(16))
  }

  /// The code by which the same intake is known again; keyed, since what it is made of names the citizen.
  package func code(ofIntake intake: JSON) throws(CryptoError) -> [UInt8] {
    try phones.code(for: Array("intake/".utf8) + intake.canonical)
  }

  private func context(_ order: UUIDv7) -> [UInt8] { Array("work_order_content/\(tenant.number)/\(order)".utf8) }
}

/// The offices' keys as this process has opened them.
package final class CitizenKeys: Sendable {
  private struct Kept {
    let ring: KeyRing
    let read: Instant
  }

  /// A key that another process has put in the place of one is used from then on at the latest, in microseconds.
  package static let patience = 30 * 1_000_000 as Int64

  private let masters: Mutex<MasterKeys>
  private let read: @Sendable () throws -> MasterKeys
  private let kept = Mutex<[TenantID: Kept]>([:])

  /// - Parameter read: reads the master keys, at once and again when an office's key is sealed with one that came later.
  package init(_ read: @escaping @Sendable () throws -> MasterKeys) throws {
    masters = Mutex(try read())
    self.read = read
  }

  /// Master keys that open all of these.
  private func masters(for stored: [DataKey]) throws -> MasterKeys {
    let known = masters.withLock { $0 }
    if stored.allSatisfy({ known.keys[$0.master] != nil }) { return known }
    let newer = try read()
    masters.withLock { $0 = newer }
    return newer
  }

  /// The keys of an office, made on first use.
  ///
  /// - Parameter number: a key that must be among them, where data is to be opened.
  package func ring(of tenant: TenantID, opening number: Int32? = nil, on lanes: Lanes, at now: Instant) async throws -> KeyRing {
    if let known = kept.withLock({ $0[tenant] }), abs(now.microseconds(since: known.read)) < Self.patience,
      number.map(known.ring.opens) ?? true
    {
      return known.ring
    }
    let context = Context.tenant(tenant.number)
    for _ in 1...3 {
      let stored = try await lanes.query(DataKeyStore.all(in: tenant), in: context, .write)
      let masters = try masters(for: stored)
      if let ring = try Self.ring(stored, of: tenant, masters) {
        kept.withLock { $0[tenant] = Kept(ring: ring, read: now) }
        return ring
      }
      let statements = try Self.missing(among: stored, masters, at: now, in: tenant)
      do throws(PostgresError) {
        _ = try await lanes.rows(statements, in: context, .write)
      } catch {
        // Another server made them at the same time.
        guard DataKeyStore.constraints.contains(where: error.violatesUnique) else { throw error }
      }
    }
    throw PostgresError.unavailable
  }

  /// Makes the keys that an office lacks; fails on ``DataKeyStore/constraints`` where somebody else makes them at the same time.
  package static func missing(
    among stored: [DataKey], _ masters: MasterKeys, at now: Instant, in tenant: TenantID
  ) throws(CryptoError) -> [Statement] {
    var next = (stored.map(\.number).max() ?? 0) + 1
    var statements: [Statement] = []
    for purpose in DataKey.Purpose.allCases where !stored.contains(where: { $0.purpose == purpose && !$0.isRetired }) {
      statements.append(try DataKeyStore.add(.random(), number: next, purpose: purpose, sealedBy: masters, at: now, in: tenant))
      next += 1
    }
    return statements
  }

  /// The keys as they are stored, opened; nil while one is missing.
  package static func ring(_ stored: [DataKey], of tenant: TenantID, _ masters: MasterKeys) throws(CryptoError) -> KeyRing? {
    guard let current = stored.last(where: { $0.purpose == .citizen && !$0.isRetired }),
      let phone = stored.last(where: { $0.purpose == .phone && !$0.isRetired })
    else { return nil }
    var keys: [Int32: SymmetricKey] = [:]
    for key in stored where key.purpose == .citizen { keys[key.number] = try masters.open(key, of: tenant.number) }
    return KeyRing(
      current: current.number, keys: keys, phones: try HMACSHA256(key: masters.open(phone, of: tenant.number)), tenant: tenant)
  }
}
