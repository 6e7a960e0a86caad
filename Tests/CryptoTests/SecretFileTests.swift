// SPDX-License-Identifier: Apache-2.0
import Crypto
import Glibc
import Testing

@Suite("files that hold secrets")
struct SecretFileTests {
  /// Runs `body` in a directory of its own, which goes away with all that is in it.
  private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/jiesu-secret-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in ["key", "other"] { unlink("\(directory)/\(name)") }
      // Fails, as it should in a test, when a draft was left behind.
      #expect(rmdir(directory) == 0)
    }
    try body(directory)
  }

  private func mode(of path: String) throws -> mode_t {
    var facts = stat()
    try #require(stat(path, &facts) == 0)
    return facts.st_mode & 0o777
  }

  @Test("a secret is made once, for its owner's eyes, and read again")
  func created() throws {
    try withDirectory { directory in
      let file = SecretFile(path: "\(directory)/key")
      let first = try file.read { () throws(CryptoError) in try SecureRandom.bytes(32) }
      let second = try file.read { () throws(CryptoError) in try SecureRandom.bytes(32) }
      #expect(first == second)
      #expect(first.count == 32)
      #expect(try mode(of: file.path) == 0o600)
      #expect(try !file.create([1]))
      #expect(try file.read() == first)
    }
  }

  @Test("of many that make it at once, all read the same")
  func race() async throws {
    var template = Array("/tmp/jiesu-secret-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 {
        group.addTask { try SecretFile(path: "\(directory)/key").read { () throws(CryptoError) in try SecureRandom.bytes(32) } }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(secrets.count == 1)
    unlink("\(directory)/key")
    #expect(rmdir(directory) == 0)
  }

  @Test("a secret that others may touch is refused", arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o644] as [mode_t])
  func readable(mode: mode_t) throws {
    try withDirectory { directory in
      let file = SecretFile(path: "\(directory)/key")
      _ = try file.create([1, 2, 3])
      chmod(file.path, mode)
      #expect(
        throws: CryptoError.secretFile(path: file.path, reason: "can be used by others (mode \(String(mode, radix: 8))); chmod 600 it")
      ) {
        try file.read()
      }
    }
  }

  @Test("a missing file, a symbolic link and a directory are refused")
  func notAFile() throws {
    try withDirectory { directory in
      #expect(throws: CryptoError.secretFile(path: "\(directory)/key", reason: "does not exist")) {
        try SecretFile(path: "\(directory)/key").read()
      }
      _ = try SecretFile(path: "\(directory)/other").create([1])
      symlink("\(directory)/other", "\(directory)/key")
      #expect(throws: CryptoError.secretFile(path: "\(directory)/key", reason: "is a symbolic link")) {
        try SecretFile(path: "\(directory)/key").read()
      }
      #expect(throws: CryptoError.secretFile(path: directory, reason: "is no regular file")) { try SecretFile(path: directory).read() }
    }
  }

  @Test("what is too long to be a secret is neither written nor read")
  func long() throws {
    try withDirectory { directory in
      #expect(throws: CryptoError.self) { try SecretFile(path: "\(directory)/key").create([UInt8](repeating: 0, count: 4097)) }
    }
  }
}
