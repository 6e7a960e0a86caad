// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// OpenSSL's random generator, seeded by the operating system: for keys, salts, nonces and tokens.
package enum SecureRandom {
  package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    // The private generator: what it gives never stands in public, and public nonces come from it without harm.
    try OpenSSL.check("RAND_priv_bytes_ex") { RAND_priv_bytes_ex(nil, &bytes, count, 0) }
    return bytes
  }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}
