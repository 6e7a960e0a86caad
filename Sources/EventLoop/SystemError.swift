// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A system call that the kernel refused.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The `errno` it left.
  package let code: Int32
  /// The call's name, as in its manual page.
  package let call: String

  package init(_ call: String, code: Int32 = errno) {
    self.code = code
    self.call = call
  }

  package var description: String {
    "\(call): \(String(cString: strerror(code)))"
  }

  /// Returns what a call returned, or throws its `errno` when that is -1.
  @discardableResult
  package static func check(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(call) }
    return result
  }
}
