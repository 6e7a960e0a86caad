// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A small file that holds a key or a password and that only its owner may read.
package struct SecretFile: Sendable {
  package let path: String
  private let limit: Int

  /// - Parameter limit: in bytes; no single secret of ours is longer than the default, a larger file is something else.
  package init(path: String, limit: Int = 4096) {
    self.path = path
    self.limit = limit
  }

  /// Reads the secret as it stands in the file.
  ///
  /// - Throws: `CryptoError.secretFile` when it is missing, no regular file (a symbolic link neither), owned by another user, or open to group
  ///   or others in any way.
  package func read() throws(CryptoError) -> [UInt8] {
    guard let bytes = try readIfPresent() else { throw failure("does not exist") }
    return bytes
  }

  /// Reads the secret, or, when there is no file, makes one with what `make` gives.
  ///
  /// Of several processes that start at once, one makes it and all read the same.
  package func read(orCreate make: () throws(CryptoError) -> [UInt8]) throws(CryptoError) -> [UInt8] {
    if let bytes = try readIfPresent() { return bytes }
    _ = try create(try make())
    return try read()
  }

  /// Makes the file, whole or not at all, readable for its owner only.
  ///
  /// - Returns: false when there is one already; it stays as it is.
  package func create(_ bytes: [UInt8]) throws(CryptoError) -> Bool {
    guard bytes.count <= limit else { throw .length(of: "secret", expected: limit, found: bytes.count) }
    let draft = "\(path).\(Hex.encode(try SecureRandom.bytes(8)))"
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(reason(errno)) }
    defer { unlink(draft) }
    // The process's mask may take bits away but a file system's default list may add some: say it once more.
    let written = fchmod(file, 0o600) == 0 && writeAll(bytes, to: file) && fsync(file) == 0
    let writeError = errno
    close(file)
    guard written else { throw failure(reason(writeError)) }
    // A link, not a rename: it never replaces a secret that another process made meanwhile.
    if link(draft, path) != 0 {
      if errno == EEXIST { return false }
      throw failure(reason(errno))
    }
    try syncDirectory()
    return true
  }

  /// Reads the secret; nil when there is no file.
  package func readIfPresent() throws(CryptoError) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    if file < 0 {
      if errno == ENOENT { return nil }
      throw failure(errno == ELOOP ? "is a symbolic link" : reason(errno))
    }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw failure(reason(errno)) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw failure("is no regular file") }
    guard facts.st_uid == geteuid() else { throw failure("belongs to user \(facts.st_uid), not to \(geteuid()) who runs this") }
    let mode = facts.st_mode & 0o777
    guard mode & 0o077 == 0 else { throw failure("can be used by others (mode \(String(mode, radix: 8))); chmod 600 it") }
    guard facts.st_size <= limit else { throw failure("is longer than \(limit) bytes") }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress?.advanced(by: count), $0.count - count) }
      if got == 0 { break }
      if got > 0 {
        count += got
      } else if errno != EINTR {
        throw failure(reason(errno))
      }
    }
    return Array(bytes[..<count])
  }

  private func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let put = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if put > 0 {
        written += put
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Makes the name as durable as the bytes behind it.
  private func syncDirectory() throws(CryptoError) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard handle >= 0 else { throw failure(reason(errno)) }
    defer { close(handle) }
    guard fsync(handle) == 0 else { throw failure(reason(errno)) }
  }

  private func failure(_ reason: String) -> CryptoError { .secretFile(path: path, reason: reason) }

  private func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
