// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Glibc
import Postgres
import Store
import Support
import Testing

/// An office's directory in memory, to be changed by a test.
struct OfficeDirectory: Sendable {
  private(set) var contents: [String: [UInt8]] = [:]

  /// Reads a directory of the checkout.
  init(_ path: String) throws {
    let root = "\(Cluster.checkout)/\(path)"
    let listing = try Command.run(["find", root, "-name", "*.json", "-printf", "%P\n"])
    for name in listing.output.split(separator: "\n") {
      contents[String(name)] = Array(try Command.run(["cat", "\(root)/\(name)"]).output.utf8)
    }
    try #require(!contents.isEmpty, "nothing in \(root)")
  }

  /// The five offices that the repository describes, by code.
  static func all() throws -> [(code: String, directory: OfficeDirectory)] {
    try Command.run(["ls", "\(Cluster.checkout)/deploy/tenants"]).output.split(separator: "\n").map {
      (String($0), try OfficeDirectory("deploy/tenants/\($0)"))
    }
  }

  /// The only file of a contract that has one.
  var contract: String { get throws { try #require(contents.keys.first { $0.hasPrefix("contracts/") }) } }

  func json(_ file: String) throws -> JSON { try JSON.parse(try #require(contents[file])) }

  mutating func put(_ file: String, _ json: JSON) { contents[file] = json.bytes }
  mutating func put(_ file: String, text: String) { contents[file] = Array(text.utf8) }
  mutating func remove(_ file: String) { contents[file] = nil }

  /// Changes the value at a place; nil takes it away.
  mutating func set(_ file: String, _ path: String, to value: JSON?) throws {
    put(file, try json(file).setting(path.split(separator: "/").map(String.init)[...], to: value))
  }

  /// Puts the files where a command finds them.
  func write(to directory: String) throws {
    for (name, bytes) in contents {
      let path = "\(directory)/\(name)"
      _ = try Command.run(["mkdir", "-p", String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])])
      let file = try #require(fopen(path, "w"), "\(path)")
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
    }
  }

  func decoded() throws -> TenantFiles { try TenantFiles.decode(contents).get() }

  // MARK: Applying

  static let now = Instant("2026-11-21T10:00:00+08:00")

  static func templates() throws -> [RoleTemplate] {
    try RoleTemplate.fileShape.decode(JSON.parse(TestDatabase.file("deploy/roles.json"))).get()
  }

  @discardableResult
  func apply(to database: TestDatabase, at now: Instant? = nil) async throws -> TenantPlan {
    try await apply(through: database.lanes.heavy, at: now)
  }

  @discardableResult
  func apply(through heavy: HeavyLane, at now: Instant? = nil) async throws -> TenantPlan {
    try await TenantApply(decoded(), templates: Self.templates(), heavy: heavy)
      .apply(by: TenantApply.Author(user: nil, request: nil), at: try now ?? #require(Self.now))
  }

  func plan(against database: TestDatabase) async throws -> TenantPlan {
    try await TenantApply(decoded(), templates: Self.templates(), heavy: database.lanes.heavy).plan(at: try #require(Self.now))
  }

  /// The faults with which it is refused.
  func refusal(by database: TestDatabase) async throws -> [FileFault] {
    do {
      try await apply(to: database)
      return []
    } catch TenantApply.Refusal.refused(let faults) {
      return faults.list
    } catch TenantApply.Refusal.invalid(let faults) {
      return faults.list
    } catch let faults as FileFaults {
      return faults.list
    }
  }
}

extension JSON {
  /// The same with another value at a place; a new member goes to the end, and `-` stands for the place behind the last element.
  fileprivate func setting(_ path: ArraySlice<String>, to value: JSON?) throws -> JSON {
    guard let name = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch self {
    case .object(var object):
      if rest.isEmpty { object[name] = value } else { object[name] = try (object[name] ?? [:]).setting(rest, to: value) }
      return .object(object)
    case .array(var array):
      if name == "-" { return .array(array + [value ?? .null]) }
      let index = try #require(Int(name))
      if rest.isEmpty, value == nil { array.remove(at: index) } else { array[index] = try array[index].setting(rest, to: value) }
      return .array(array)
    default:
      return self
    }
  }
}

extension TestDatabase {
  /// A heavy lane with a connection of its own.
  func withHeavyLane<Value: Sendable>(_ body: (HeavyLane) async throws -> Value) async throws -> Value {
    let offload = try Offload(threads: 1)
    defer { offload.stop() }
    let heavy = HeavyLane(on: loop, Self.configuration(cluster, name, user: "jiesu_server"), offload: offload, report: { _ in })
    heavy.open()
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(heavy))
    } catch {
      result = .failure(error)
    }
    await heavy.close()
    return try result.get()
  }

  /// The tables, but for those that the timer writes by itself and those named.
  func tables(besides others: String...) throws -> [String] {
    try sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname")
      .split(separator: "\n").map(String.init)
      .filter {
        !others.contains($0)
          && !["attendance_book", "obligation", "obligation_book", "obligation_change", "notice", "staff_book", "staff_demand"].contains($0)
      }
  }

  /// A digest of everything that offices have, row by row, so that two states can be compared; not of what the timer writes by itself.
  func fingerprint() throws -> String {
    try tables().map { table in
      let rows = "SELECT (to_jsonb(r) - 'closed_at')::text AS row FROM \(table) r"
      return "\(table) " + (try sql("SELECT count(*), coalesce(md5(string_agg(row, '|' ORDER BY row)), '') FROM (\(rows)) t"))
    }.joined(separator: "\n")
  }
}
