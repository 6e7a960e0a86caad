// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

/// A year of work orders for each office of a demonstration.
struct DemoYears: Sendable {
  /// Of what an office has in a year, one in so many is taken in unless told how many.
  private static let share = 20

  private let offices: [(code: String, orders: DemoFile.Orders)]
  private let texts: DemoTexts
  private let masters: MasterKeys
  private let count: Int?
  private let until: CivilDate?
  private let seed: UInt64
  private let language: Language

  /// - Returns: nil where no orders are asked for.
  /// - Throws: a usage error, or what is wrong with the texts.
  init?(_ invocation: Invocation, _ configuration: Configuration, for files: [DemoFile]) throws {
    func number<Number: FixedWidthInteger>(_ name: String, _ range: ClosedRange<Number>) throws -> Number? {
      guard let text = invocation.option(name) else { return nil }
      guard let number = Number(text), range.contains(number) else {
        throw UsageError(
          Text(
            zh: "\(name) 须为 \(range.lowerBound) 到 \(range.upperBound) 的整数",
            en: "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)"))
      }
      return number
    }
    count = try number("--orders", 0...10_000_000)
    seed = try number("--seed", 0...UInt64.max) ?? 1
    until = try invocation.option("--until").map { text in
      guard let date = CivilDate(text) else {
        throw UsageError(Text(zh: "--until 须为日期，如 2026-03-05", en: "--until is a day, such as 2026-03-05"))
      }
      return date
    }
    language = invocation.language
    offices = files.compactMap { file in
      guard let code = file.tenant, let orders = file.orders else { return nil }
      return (code, orders)
    }
    guard count != 0, !offices.isEmpty else { return nil }
    let path = Home(configuration).path("deploy/demo-orders")
    guard let texts = try Files.decoded(DemoTexts.shape, in: path).first?.value else {
      throw Faults([Fault(code: "not-found", detail: Text(zh: "\(path) 中没有文字", en: "there are no words in \(path)"))])
    }
    self.texts = texts
    masters = try MasterKeys.read(configuration)
  }

  /// Takes them in, those that are not there yet.
  ///
  /// - Returns: how many were taken in.
  func load(by session: CommandSession) async throws -> Int {
    let last = try until ?? session.now.date.adding(days: -1)
    guard last < session.now.date, let days = DateRange(try last.adding(months: -12).adding(days: 1), through: last) else {
      throw UsageError(Text(zh: "--until 须早于今日", en: "--until lies before today"))
    }
    var added = 0
    for (code, orders) in offices {
      let tenant = try await session.tenant(code)
      let office = try await session.read(in: .tenant(tenant.id.number)) { transaction in
        try await DemoOffice(tenant, orders, texts, seed: seed, at: session.now, by: transaction)
      }
      let ring = try await ring(of: tenant.id, by: session)
      let year = DemoYear(days, seed: office.seed, calendar: office.clocks.reckoner.calendar)
      let count = count ?? max(1, orders.perMonth * 12 / Self.share)
      let taking = DemoOrders(session: session, office: office, year: year, count: count, ring: ring, language: language)
      added += try await taking.load()
    }
    return added
  }

  /// The office's keys, made where it has none.
  private func ring(of tenant: TenantID, by session: CommandSession) async throws -> KeyRing {
    try await session.write(in: .tenant(tenant.number)) { transaction in
      let stored = try await transaction.query(DataKeyStore.all(in: tenant))
      let missing = try CitizenKeys.missing(among: stored, masters, at: session.now, in: tenant)
      if !missing.isEmpty { _ = try await transaction.rows(missing) }
      let all = missing.isEmpty ? stored : try await transaction.query(DataKeyStore.all(in: tenant))
      guard let ring = try CitizenKeys.ring(all, of: tenant, masters) else { throw CryptoError.malformed("an office's keys") }
      return ring
    }
  }
}
