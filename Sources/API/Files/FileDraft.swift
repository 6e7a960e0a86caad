// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import EventLoop
import Glibc
import Synchronization

/// A file while it is written, and the digest of what is in it so far; it vanishes unless it is finished and renamed.
final class FileDraft: Sendable {
  private struct State: ~Copyable {
    var descriptor: Int32
    var digest: SHA256?
  }

  let path: String
  let file: UUIDv7
  private let state: Mutex<State>

  init(path: String, file: UUIDv7) throws {
    self.path = path
    self.file = file
    let digest = try SHA256()
    let descriptor = try SystemError.check("open", open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600))
    state = Mutex(State(descriptor: descriptor, digest: digest))
  }

  deinit {
    state.withLock { state in
      guard state.descriptor >= 0 else { return }
      close(state.descriptor)
      unlink(path)
    }
  }

  /// Writes what comes next.
  func append(_ piece: [UInt8]) throws {
    try state.withLock { state in
      try state.digest?.update(piece)
      try piece.withUnsafeBytes { bytes in
        var position = 0
        while position < bytes.count {
          let count = write(state.descriptor, bytes.baseAddress?.advanced(by: position), bytes.count - position)
          if count < 0, errno == EINTR { continue }
          guard count >= 0 else { throw SystemError("write") }
          position += count
        }
      }
    }
  }

  /// Has everything on the disk.
  ///
  /// - Returns: the digest of all of it.
  func finish() throws -> [UInt8] {
    try state.withLock { state in
      guard let digest = state.digest.take() else { throw SystemError("write", code: EBADF) }
      try SystemError.check("fsync", fsync(state.descriptor))
      close(state.descriptor)
      state.descriptor = -1
      return try digest.finish()
    }
  }
}

/// A file that is open for reading.
final class OpenFile: Sendable {
  private let descriptor: Int32
  let count: Int

  init(_ path: String) throws(SystemError) {
    let descriptor = try SystemError.check("open", open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw SystemError("fstat", code: code)
    }
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Up to so many octets from a position on; none at the end.
  func read(_ count: Int, at position: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let read = pread(descriptor, buffer.baseAddress, count, position)
      guard read >= 0 else { throw SystemError("pread") }
      initialized = read
    }
  }
}

/// What is asked of the file system.
enum Disk {
  struct Entry: Sendable {
    let name: String
    /// Seconds since 1970.
    let changed: Int
  }

  /// Makes a directory that nobody else may look into, unless it is there.
  static func makeDirectory(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    throw SystemError("mkdir", code: errno)
  }

  /// Makes a directory and those above it.
  static func makeDirectories(_ path: String) throws(SystemError) {
    var status = stat()
    guard stat(path, &status) != 0 else { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeDirectories(String(path[..<slash])) }
    try makeDirectory(path)
  }

  static func rename(_ old: String, to new: String) throws(SystemError) { try SystemError.check("rename", Glibc.rename(old, new)) }

  /// Has the names in a directory on the disk.
  static func synchronise(_ directory: String) throws(SystemError) {
    let descriptor = try SystemError.check("open", open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    defer { close(descriptor) }
    try SystemError.check("fsync", fsync(descriptor))
  }

  /// Removes a file, unless it is gone already.
  static func remove(_ path: String) throws(SystemError) {
    guard unlink(path) != 0, errno != ENOENT else { return }
    throw SystemError("unlink", code: errno)
  }

  /// What is in a directory; nothing when there is none.
  static func entries(_ directory: String) throws(SystemError) -> [Entry] {
    guard let stream = opendir(directory) else {
      if errno == ENOENT { return [] }
      throw SystemError("opendir", code: errno)
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      entries.append(Entry(name: name, changed: status.st_mtim.tv_sec))
    }
    return entries
  }
}
