// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// An authenticated cipher with its lengths: a value, so that a deployment may put another in the place of AES-256-GCM.
///
/// Each suite has a number that is written in front of what it sealed, so data outlives a change of the suite.
package struct CipherSuite: Sendable {
  package let name: String
  package let number: UInt8
  /// Lengths in bytes.
  package let keyLength: Int
  package let nonceLength: Int
  package let tagLength: Int
  private let algorithm: FetchedAlgorithm

  /// - Parameters:
  ///   - name: OpenSSL's name of a cipher in an AEAD mode.
  ///   - number: never given to another suite, since sealed data carries it.
  package init(name: String, number: UInt8, keyLength: Int, nonceLength: Int = 12, tagLength: Int = 16) {
    self.name = name
    self.number = number
    self.keyLength = keyLength
    self.nonceLength = nonceLength
    self.tagLength = tagLength
    algorithm = FetchedAlgorithm(name) { EVP_CIPHER_fetch(nil, name, nil) }
  }

  /// AES-256 in Galois/Counter Mode (NIST SP 800-38D).
  package static let aes256GCM = CipherSuite(name: "AES-256-GCM", number: 1, keyLength: 32)

  /// Encrypts and authenticates.
  ///
  /// - Parameters:
  ///   - nonce: never used twice with one key.
  ///   - context: authenticated and not stored; opening needs the same.
  /// - Returns: the ciphertext, as long as `plaintext`, with the tag behind it.
  package func seal(_ plaintext: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8] = []) throws(CryptoError) -> [UInt8] {
    try checkLengths(key: key, nonce: nonce)
    return try withContext(key: key, nonce: nonce, encrypting: true) { cipher throws(CryptoError) in
      var written: Int32 = 0
      var sealed = [UInt8](repeating: 0, count: plaintext.count + tagLength)
      if !context.isEmpty {
        try OpenSSL.check("EVP_EncryptUpdate") { EVP_EncryptUpdate(cipher, nil, &written, context, Int32(context.count)) }
      }
      if !plaintext.isEmpty {
        try OpenSSL.check("EVP_EncryptUpdate") { EVP_EncryptUpdate(cipher, &sealed, &written, plaintext, Int32(plaintext.count)) }
      }
      var rest = [UInt8](repeating: 0, count: 32)
      try OpenSSL.check("EVP_EncryptFinal_ex") { EVP_EncryptFinal_ex(cipher, &rest, &written) }
      try OpenSSL.check("EVP_CTRL_AEAD_GET_TAG") {
        sealed.withUnsafeMutableBytes {
          EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), $0.baseAddress?.advanced(by: plaintext.count))
        }
      }
      return sealed
    }
  }

  /// Decrypts what `seal` returned.
  ///
  /// - Throws: `CryptoError.notAuthentic` when a bit of the ciphertext, tag, nonce or context differs; nothing of the plaintext leaves then.
  package func open(_ sealed: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8] = []) throws(CryptoError) -> [UInt8] {
    try checkLengths(key: key, nonce: nonce)
    guard sealed.count >= tagLength else { throw .length(of: "sealed value", expected: tagLength, found: sealed.count) }
    return try withContext(key: key, nonce: nonce, encrypting: false) { cipher throws(CryptoError) in
      var written: Int32 = 0
      let count = sealed.count - tagLength
      var plaintext = [UInt8](repeating: 0, count: count)
      if !context.isEmpty {
        try OpenSSL.check("EVP_DecryptUpdate") { EVP_DecryptUpdate(cipher, nil, &written, context, Int32(context.count)) }
      }
      if count > 0 {
        try OpenSSL.check("EVP_DecryptUpdate") { EVP_DecryptUpdate(cipher, &plaintext, &written, sealed, Int32(count)) }
      }
      var tag = Array(sealed[count...])
      try OpenSSL.check("EVP_CTRL_AEAD_SET_TAG") { EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagLength), &tag) }
      var rest = [UInt8](repeating: 0, count: 32)
      ERR_clear_error()
      guard EVP_DecryptFinal_ex(cipher, &rest, &written) == 1 else {
        OpenSSL.drain()
        plaintext.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        throw .notAuthentic
      }
      return plaintext
    }
  }

  private func checkLengths(key: SymmetricKey, nonce: [UInt8]) throws(CryptoError) {
    if key.bytes.count != keyLength { throw .length(of: "key", expected: keyLength, found: key.bytes.count) }
    if nonce.count != nonceLength { throw .length(of: "nonce", expected: nonceLength, found: nonce.count) }
  }

  private func withContext(
    key: SymmetricKey, nonce: [UInt8], encrypting: Bool, _ body: (OpaquePointer) throws(CryptoError) -> [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let cipher = try OpenSSL.object("EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_new() }
    defer { EVP_CIPHER_CTX_free(cipher) }
    // In two steps: the nonce's length belongs to the algorithm, and must stand before the nonce.
    try algorithm.check("EVP_CipherInit_ex2") { EVP_CipherInit_ex2(cipher, $0, nil, nil, encrypting ? 1 : 0, nil) }
    try OpenSSL.check("EVP_CTRL_AEAD_SET_IVLEN") { EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_IVLEN, Int32(nonceLength), nil) }
    try OpenSSL.check("EVP_CipherInit_ex2") { EVP_CipherInit_ex2(cipher, nil, key.bytes, nonce, encrypting ? 1 : 0, nil) }
    return try body(cipher)
  }
}
