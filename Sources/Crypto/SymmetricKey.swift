// SPDX-License-Identifier: Apache-2.0

/// Key bytes that do not print themselves.
package struct SymmetricKey: Sendable, CustomStringConvertible, CustomReflectable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A new key from the system's random source.
  ///
  /// - Parameter length: in bytes.
  package static func random(length: Int = 32) throws(CryptoError) -> SymmetricKey { SymmetricKey(try SecureRandom.bytes(length)) }

  package var description: String { "SymmetricKey(\(bytes.count) bytes)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
