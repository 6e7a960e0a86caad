// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Synchronization

/// SHA-256 (FIPS 180-4), whole or piece by piece.
package struct SHA256: ~Copyable {
  /// The digest's length in bytes.
  package static let length = 32

  static let algorithm = FetchedAlgorithm("SHA256") { EVP_MD_fetch(nil, "SHA256", nil) }

  private let context: OpaquePointer

  /// A context that is kept for digests of one piece: making one costs several times what such a digest does.
  private static let kept = Mutex(EVP_MD_CTX_new())

  package init() throws(CryptoError) {
    let context = try OpenSSL.object("EVP_MD_CTX_new") { EVP_MD_CTX_new() }
    do {
      try Self.algorithm.check("EVP_DigestInit_ex2") { EVP_DigestInit_ex2(context, $0, nil) }
    } catch {
      EVP_MD_CTX_free(context)
      throw error
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    try OpenSSL.check("EVP_DigestUpdate") { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }
  }

  package mutating func update(_ bytes: [UInt8]) throws(CryptoError) {
    try OpenSSL.check("EVP_DigestUpdate") { EVP_DigestUpdate(context, bytes, bytes.count) }
  }

  /// - Returns: the digest of everything given so far, 32 bytes.
  package consuming func finish() throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.length)
    try OpenSSL.check("EVP_DigestFinal_ex") { EVP_DigestFinal_ex(context, &digest, nil) }
    return digest
  }

  /// - Returns: the digest of `bytes`, 32 bytes.
  package static func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    try kept.withLock { context throws(CryptoError) in
      try algorithm.check("EVP_Digest") { algorithm in
        guard EVP_DigestInit_ex2(context, algorithm, nil) == 1, EVP_DigestUpdate(context, bytes, bytes.count) == 1 else { return 0 }
        return EVP_DigestFinal_ex(context, &digest, nil)
      }
    }
    return digest
  }
}
