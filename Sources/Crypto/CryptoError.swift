// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// What a cryptographic operation may fail with; no case carries a key, a password or a plaintext.
package enum CryptoError: Error, Equatable {
  /// OpenSSL refused `operation`; `code` is the first entry of its error queue (`openssl errstr` reads it), 0 when there was none.
  case provider(operation: String, code: UInt)
  /// The tag of a sealed value does not match: it was changed, or belongs to another key, nonce or context.
  case notAuthentic
  /// A sealed value, an encoded hash or a Base64 text has not the form it must have.
  case malformed(String)
  /// A length lies outside what the operation takes.
  case length(of: String, expected: Int, found: Int)
  /// A secret's file cannot be used; `reason` says what the operator has to change.
  case secretFile(path: String, reason: String)
}

/// Runs OpenSSL calls with an error queue that is empty before and empty after.
enum OpenSSL {
  /// Empties the thread's error queue: an old entry would be read as the reason of the next failure.
  ///
  /// - Returns: the oldest entry, 0 when there was none.
  @discardableResult
  static func drain() -> UInt {
    let first = ERR_get_error()
    while ERR_get_error() != 0 {}
    return first
  }

  /// - Throws: `CryptoError.provider` unless `call` returns 1, as OpenSSL's functions do on success.
  static func check(_ operation: String, _ call: () -> Int32) throws(CryptoError) {
    ERR_clear_error()
    if call() != 1 { throw CryptoError.provider(operation: operation, code: drain()) }
  }

  /// - Throws: `CryptoError.provider` when `call` gives no object.
  static func object(_ operation: String, _ call: () -> OpaquePointer?) throws(CryptoError) -> OpaquePointer {
    ERR_clear_error()
    guard let made = call() else { throw CryptoError.provider(operation: operation, code: drain()) }
    return made
  }
}
