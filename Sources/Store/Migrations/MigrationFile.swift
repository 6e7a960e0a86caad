// SPDX-License-Identifier: Apache-2.0
import Crypto
import Glibc

/// A step of the schema as it stands in `sql/migrations`: `NNNN_name.sql`.
package struct MigrationFile: Sendable, Equatable {
  package let number: Int
  package let name: String
  package let sql: String
  /// SHA-256 of the file's bytes: what was applied is recognised by it.
  package let checksum: [UInt8]

  /// - Parameters:
  ///   - fileName: without its directory.
  ///   - bytes: the file's contents.
  /// - Throws: `MigrationError.badName`, or `notText` when the bytes are no UTF-8.
  package init(fileName: String, bytes: [UInt8]) throws {
    let digits = fileName.prefix(4)
    guard let number = Int(digits), number > 0, digits.utf8.count == 4, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
      fileName.hasSuffix(".sql"), fileName.dropFirst(4).first == "_", fileName.utf8.count > "0000_.sql".utf8.count
    else { throw MigrationError.badName(fileName) }
    guard let sql = String(validating: bytes, as: UTF8.self), !sql.utf8.contains(0) else { throw MigrationError.notText(fileName) }
    self.number = number
    name = String(fileName.dropFirst(5).dropLast(4))
    self.sql = sql
    checksum = try SHA256.digest(of: bytes)
  }

  /// Reads every `.sql` file of a directory, in the order of their numbers.
  ///
  /// - Throws: `MigrationError.unreadable` for the directory or one of its files, and what `init` throws.
  package static func read(directory: String) throws -> [MigrationFile] {
    guard let listing = opendir(directory) else { throw MigrationError.unreadable(directory, String(cString: strerror(errno))) }
    defer { closedir(listing) }
    var files: [MigrationFile] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".sql") { files.append(try MigrationFile(fileName: name, bytes: try contents(of: "\(directory)/\(name)"))) }
    }
    return files.sorted { $0.number < $1.number }
  }

  private static func contents(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "re") else { throw MigrationError.unreadable(path, String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    guard ferror(file) == 0 else { throw MigrationError.unreadable(path, String(cString: strerror(errno))) }
    return bytes
  }
}
