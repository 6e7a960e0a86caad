// SPDX-License-Identifier: Apache-2.0

/// A sealed value as it is stored: the suite's number, the random nonce, the ciphertext, the tag.
package enum SealedEnvelope {
  /// The suites that can be opened; the writer chooses one.
  package static let suites: [CipherSuite] = [.aes256GCM]

  /// Seals under a fresh random nonce.
  ///
  /// - Parameter context: what the value belongs to (table, row, field); a value moved elsewhere does not open.
  package static func seal(
    _ plaintext: [UInt8], key: SymmetricKey, context: [UInt8], suite: CipherSuite = .aes256GCM
  ) throws(CryptoError) -> [UInt8] {
    let nonce = try SecureRandom.bytes(suite.nonceLength)
    return [suite.number] + nonce + (try suite.seal(plaintext, key: key, nonce: nonce, context: context + [suite.number]))
  }

  /// - Throws: `CryptoError.malformed` for an unknown suite or too few bytes, `CryptoError.notAuthentic` when it does not open.
  package static func open(
    _ sealed: [UInt8], key: SymmetricKey, context: [UInt8], suites: [CipherSuite] = suites
  ) throws(CryptoError) -> [UInt8] {
    guard let number = sealed.first, let suite = suites.first(where: { $0.number == number }) else {
      throw .malformed("a sealed value of an unknown suite")
    }
    guard sealed.count >= 1 + suite.nonceLength + suite.tagLength else { throw .malformed("a sealed value that is too short") }
    let nonce = Array(sealed[1..<(1 + suite.nonceLength)])
    return try suite.open(Array(sealed[(1 + suite.nonceLength)...]), key: key, nonce: nonce, context: context + [number])
  }
}
