// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials
import Testing

/// Files of the working copy that the tests were built from.
enum RepositoryFiles {
  /// This file stands in Tests/DomainTests.
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  static func path(_ relative: String) -> String { root + "/" + relative }

  static func bytes(_ relative: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(relative)))) }

  static func text(_ relative: String) throws -> String { String(decoding: try bytes(relative), as: UTF8.self) }

  /// Every file below a directory by its path relative to it.
  static func directory(_ relative: String) throws -> [String: [UInt8]] {
    let root = path(relative)
    var contents: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var isDirectory = false
      _ = FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isDirectory)
      if !isDirectory { contents[name] = [UInt8](try Data(contentsOf: URL(filePath: root + "/" + name))) }
    }
    return contents
  }

  static func tenants() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path("deploy/tenants")).sorted() }

  static func tenant(_ code: String) throws -> TenantFiles { try decodeTenant(directory("deploy/tenants/\(code)")) }

  /// Decodes, or fails with every fault spelled out.
  static func decodeTenant(_ contents: [String: [UInt8]]) throws -> TenantFiles {
    switch TenantFiles.decode(contents) {
    case .success(let files): return files
    case .failure(let faults):
      for fault in faults.list { Issue.record("\(fault.file)\(fault.fault.pointer): \(fault.fault.code): \(fault.fault.detail.en)") }
      throw faults
    }
  }

  static func calendarYears() throws -> [CalendarYear] {
    try FileManager.default.contentsOfDirectory(atPath: path("deploy/calendars")).sorted().map { name in
      try CalendarYear.shape.decode(bytes: bytes("deploy/calendars/\(name)")).get()
    }
  }

  static func calendar() throws -> WorkingCalendar { try WorkingCalendar(calendarYears()) }

  static func rulePacks() throws -> RulePacks {
    let packs = try FileManager.default.contentsOfDirectory(atPath: path("deploy/rule-packs")).sorted().map { name in
      try RulePack.shape.decode(bytes: bytes("deploy/rule-packs/\(name)")).get()
    }
    return RulePacks(packs)
  }
}
