// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Synchronization

/// A key for HMAC-SHA-256 (RFC 2104, RFC 4231), scheduled once and used for many messages, from any thread.
package final class HMACSHA256: Sendable {
  /// The code's length in bytes.
  package static let length = 32

  /// Holds the padded key; each message works on a duplicate.
  private let keyed: Mutex<OpaquePointer?>

  package init(key: SymmetricKey) throws(CryptoError) { keyed = Mutex(try Self.schedule(key)) }

  deinit { keyed.withLock { EVP_MAC_CTX_free($0) } }

  /// - Returns: the authentication code of `message`, 32 bytes.
  package func code(for message: [UInt8]) throws(CryptoError) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Self.length)
    var written = 0
    let failure: UInt? = keyed.withLock { keyed in
      ERR_clear_error()
      guard let context = EVP_MAC_CTX_dup(keyed) else { return OpenSSL.drain() }
      defer { EVP_MAC_CTX_free(context) }
      guard EVP_MAC_update(context, message, message.count) == 1, EVP_MAC_final(context, &code, &written, Self.length) == 1 else {
        return OpenSSL.drain()
      }
      return nil
    }
    if let failure { throw .provider(operation: "EVP_MAC_final", code: failure) }
    return code
  }

  /// Whether `code` is the code of `message`, in a time that does not depend on where they differ.
  package func accepts(_ code: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
    constantTimeEqual(code, try self.code(for: message))
  }

  private static func schedule(_ key: SymmetricKey) throws(CryptoError) -> OpaquePointer {
    let algorithm = try OpenSSL.object("EVP_MAC_fetch") { EVP_MAC_fetch(nil, "HMAC", nil) }
    // The context keeps a reference of its own.
    defer { EVP_MAC_free(algorithm) }
    let context = try OpenSSL.object("EVP_MAC_CTX_new") { EVP_MAC_CTX_new(algorithm) }
    // The digest's name is only read during the call, so the array may end with it.
    var digest = Array("SHA256".utf8CString)
    do {
      try OpenSSL.check("EVP_MAC_init") {
        digest.withUnsafeMutableBufferPointer { name in
          let parameters = [OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0), OSSL_PARAM_construct_end()]
          return EVP_MAC_init(context, key.bytes, key.bytes.count, parameters)
        }
      }
    } catch {
      EVP_MAC_CTX_free(context)
      throw error
    }
    return context
  }
}
