// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc

/// Writes to standard output and standard error, each line in one call.
enum Output {
  static func line(_ text: String = "") { write(text + "\n", to: STDOUT_FILENO) }
  /// Prints what ends its own lines.
  static func text(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Prints one JSON value on a line.
  static func json(_ json: JSON) {
    var writer = JSONWriter(capacity: 1024)
    writer.value(json)
    bytes(writer.bytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
  }

  static func bytes(_ bytes: [UInt8], to descriptor: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  private static func write(_ text: String, to descriptor: Int32) { bytes(Array(text.utf8), to: descriptor) }
}
