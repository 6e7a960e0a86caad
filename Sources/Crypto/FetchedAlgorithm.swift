// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Synchronization

/// An algorithm that was looked up once: OpenSSL 3 otherwise searches its providers, under a lock of theirs, on every use.
///
/// The object lives as long as the process. It is used under a lock of a few nanoseconds, which is what makes it shareable without a promise
/// that the compiler cannot check.
final class FetchedAlgorithm: Sendable {
  private let object: Mutex<OpaquePointer?>
  private let name: String

  /// - Parameter fetch: one of `EVP_MD_fetch`, `EVP_CIPHER_fetch`, `EVP_MAC_fetch`, applied to a name.
  init(_ name: String, _ fetch: () -> sending OpaquePointer?) {
    ERR_clear_error()
    self.name = name
    object = Mutex(fetch())
    OpenSSL.drain()
  }

  /// - Throws: `CryptoError.provider` when no provider of this machine has the algorithm, or `use` fails.
  func check(_ operation: String, _ use: (OpaquePointer) -> Int32) throws(CryptoError) {
    let outcome: (found: Bool, code: UInt?) = object.withLock { algorithm in
      guard let algorithm else { return (false, nil) }
      ERR_clear_error()
      return (true, use(algorithm) == 1 ? nil : OpenSSL.drain())
    }
    guard outcome.found else { throw .provider(operation: "fetch \(name)", code: 0) }
    if let code = outcome.code { throw .provider(operation: operation, code: code) }
  }
}
