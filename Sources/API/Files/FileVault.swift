// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import EventLoop
import Glibc
import HTTP

/// The files of all offices: each office's below a directory of its own, named by what they hold.
///
/// A file appears under its name only when it is whole and on the disk. Its name ends in an identity of its own, so that removing one can
/// never take away what somebody stores at the same moment: which of two files with the same content counts is said by the database.
package final class FileVault: Sendable {
  /// What a file is known by.
  package struct Name: Sendable, Hashable {
    package let sha256: [UInt8]
    package let file: UUIDv7

    package init(sha256: [UInt8], file: UUIDv7) {
      self.sha256 = sha256
      self.file = file
    }

    /// Reads a name as it stands in a directory.
    init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let sha256 = try? Hex.decode(String(parts[0])), sha256.count == SHA256.length, let file = UUIDv7(parts[1])
      else { return nil }
      self.init(sha256: sha256, file: file)
    }

    var folder: String { Hex.encode([sha256[0]]) }
    var text: String { "\(Hex.encode(sha256)).\(file)" }
  }

  package let directory: String
  private let threads: Offload

  /// - Parameter directory: made on first use, readable by nobody else.
  package init(directory: String) throws(SystemError) {
    self.directory = directory
    threads = try Offload(threads: 2)
  }

  /// Ends its threads.
  package func stop() { threads.stop() }

  /// Runs what touches the disk on a thread made for that.
  ///
  /// - Throws: 503 while too much waits, 507 when the disk is full, `SystemError` for what else it refuses.
  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    do {
      return try await threads.run(body)
    } catch is Offload.Failure {
      throw Problem.overloaded
    } catch let error as SystemError where error.code == ENOSPC || error.code == EDQUOT {
      throw Problem.diskFull
    }
  }

  // MARK: Storing

  /// Begins a file of an office.
  func draft(in tenant: TenantID, as file: UUIDv7) async throws -> FileDraft {
    let office = "\(directory)/\(tenant.number)"
    return try await run {
      try Disk.makeDirectories(office + "/incoming")
      return try FileDraft(path: "\(office)/incoming/\(file)", file: file)
    }
  }

  /// Gives a whole draft its name, and has it on the disk when it returns.
  func store(_ draft: FileDraft, in tenant: TenantID) async throws -> Name {
    let office = "\(directory)/\(tenant.number)"
    return try await run {
      let name = Name(sha256: try draft.finish(), file: draft.file)
      let folder = "\(office)/\(name.folder)"
      try Disk.makeDirectory(folder)
      try Disk.rename(draft.path, to: "\(folder)/\(name.text)")
      try Disk.synchronise(folder)
      return name
    }
  }

  // MARK: Reading

  /// Opens a file.
  ///
  /// - Throws: `SystemError` when it is not there.
  func open(_ name: Name, of tenant: TenantID) async throws -> OpenFile {
    let path = path(name, of: tenant)
    return try await run { try OpenFile(path) }
  }

  /// A part of a file as the content of an answer, read piece by piece as the client takes it.
  func content(of file: OpenFile, _ range: Range<Int>) -> ResponseStream {
    ResponseStream(length: range.count) { [self] writer in
      var position = range.lowerBound
      while position < range.upperBound {
        let (start, count) = (position, min(Self.pieceLength, range.upperBound - position))
        let piece = try await run { try file.read(count, at: start) }
        // It has become shorter since it was opened: nothing can make the answer whole.
        guard !piece.isEmpty else { throw SystemError("pread", code: EIO) }
        try await writer.write(piece)
        position += piece.count
      }
    }
  }

  private static let pieceLength = 1 << 17

  // MARK: Removing

  /// Removes files that nothing refers to any more.
  package func remove(_ names: [Name], of tenant: TenantID) async throws {
    let paths = names.map { path($0, of: tenant) }
    try await run { for path in paths { try Disk.remove(path) } }
  }

  /// Removes everything of an office.
  package func removeAll(of tenant: TenantID) async throws {
    let office = "\(directory)/\(tenant.number)"
    try await run {
      for folder in try Disk.entries(office) {
        for entry in try Disk.entries("\(office)/\(folder.name)") { try Disk.remove("\(office)/\(folder.name)/\(entry.name)") }
        rmdir("\(office)/\(folder.name)")
      }
      rmdir(office)
    }
  }

  /// Removes drafts that nobody has touched for so long that their upload cannot be going on, and names the files that old.
  package func leftovers(of tenant: TenantID, olderThan age: Duration) async throws -> [Name] {
    let office = "\(directory)/\(tenant.number)"
    return try await run {
      let limit = time(nil) - Int(age.components.seconds)
      var names: [Name] = []
      for folder in try Disk.entries(office) {
        let path = "\(office)/\(folder.name)"
        for entry in try Disk.entries(path) where entry.changed < limit {
          if folder.name == "incoming" {
            try Disk.remove("\(path)/\(entry.name)")
          } else if let name = Name(entry.name) {
            names.append(name)
          }
        }
      }
      return names
    }
  }

  private func path(_ name: Name, of tenant: TenantID) -> String { "\(directory)/\(tenant.number)/\(name.folder)/\(name.text)" }
}

extension Problem {
  /// 507: there is no room for it.
  static let diskFull = Problem(
    status: 507, code: "disk-full", title: Text(zh: "存储空间不足", en: "Insufficient storage"),
    detail: Text(zh: "服务器磁盘已满，请联系平台管理员。", en: "The server's disk is full; tell the platform's administrator."))
}
