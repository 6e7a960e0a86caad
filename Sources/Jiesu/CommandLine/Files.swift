// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc

/// Reads the files that a command is given.
enum Files {
  /// The bytes of a file.
  ///
  /// - Throws: a fault that names the file and the reason.
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw unreadable(path) }
      bytes += buffer[..<count]
    }
  }

  /// The `.json` files below a directory, by their path within it.
  ///
  /// - Throws: a fault that names what cannot be read; entries that are neither directories nor JSON files are left out.
  static func tree(_ directory: String, prefix: String = "") throws -> [String: [UInt8]] {
    guard let handle = opendir(directory) else { throw unreadable(directory) }
    defer { closedir(handle) }
    var files: [String: [UInt8]] = [:]
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard !name.hasPrefix(".") else { continue }
      let path = directory + "/" + name
      var status = stat()
      guard stat(path, &status) == 0 else { throw unreadable(path) }
      if status.st_mode & S_IFMT == S_IFDIR {
        files.merge(try tree(path, prefix: prefix + name + "/")) { first, _ in first }
      } else if name.hasSuffix(".json") {
        files[prefix + name] = try read(path)
      }
    }
    return files
  }

  private static func unreadable(_ path: String) -> Faults {
    let reason = String(cString: strerror(errno))
    return Faults([
      Fault(code: "unreadable", detail: Text(zh: "无法读取 \(path)：\(reason)", en: "\(path) cannot be read: \(reason)"))
    ])
  }
}
