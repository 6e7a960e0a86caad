// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// scrypt (RFC 7914), the memory-hard function that passwords are stored under.
package struct Scrypt: Sendable, Equatable {
  /// log₂ of the cost N.
  package let logN: Int
  package let r: Int
  package let p: Int

  /// What new passwords get: N = 2¹⁵, r = 8, p = 3, that is 32 MiB and about a tenth of a second.
  package static let current = Scrypt(unchecked: 15, r: 8, p: 3)

  /// - Throws: `CryptoError.malformed` outside 1…20, 1…32, 1…16: a stored text must not be able to ask for all memory.
  package init(logN: Int, r: Int, p: Int) throws(CryptoError) {
    guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p) else { throw .malformed("scrypt parameters") }
    self.init(unchecked: logN, r: r, p: p)
  }

  private init(unchecked logN: Int, r: Int, p: Int) {
    self.logN = logN
    self.r = r
    self.p = p
  }

  /// Derives a key; takes as long and as much memory as the parameters say, so never call it on an event loop.
  ///
  /// - Parameter length: of the key, in bytes.
  package func derive(password: [UInt8], salt: [UInt8], length: Int) throws(CryptoError) -> [UInt8] {
    let n = UInt64(1) << UInt64(logN)
    // OpenSSL's own limit is 32 MiB, just below what `current` needs: the blocks of p, and N + 2 blocks of 128·r bytes.
    let memory = UInt64(128 * r) * (n + 2 + UInt64(p)) + 4096
    var key = [UInt8](repeating: 0, count: length)
    // OpenSSL's header asks for characters; the bytes are the same.
    let characters = password.map { CChar(bitPattern: $0) }
    try OpenSSL.check("EVP_PBE_scrypt") {
      EVP_PBE_scrypt(characters, characters.count, salt, salt.count, n, UInt64(r), UInt64(p), memory, &key, length)
    }
    return key
  }
}
