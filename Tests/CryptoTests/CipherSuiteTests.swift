// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite("authenticated encryption")
struct CipherSuiteTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let key: String
    let nonce: String
    let plaintext: String
    let context: String
    let sealed: String
  }

  private static let longKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
  private static let longText =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
  private static let longSealed =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"

  /// Test cases 13 to 16 of the GCM specification that NIST SP 800-38D refers to.
  static let vectors = [
    Vector(
      testDescription: "nothing", key: String(repeating: "00", count: 32), nonce: String(repeating: "00", count: 12), plaintext: "",
      context: "",
      sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      testDescription: "one block", key: String(repeating: "00", count: 32), nonce: String(repeating: "00", count: 12),
      plaintext: String(repeating: "00", count: 16), context: "", sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    ),
    Vector(
      testDescription: "four blocks", key: longKey, nonce: "cafebabefacedbaddecaf888", plaintext: longText, context: "",
      sealed: longSealed + "b094dac5d93471bdec1a502270e3cc6c"),
    Vector(
      testDescription: "a broken block and a context", key: longKey, nonce: "cafebabefacedbaddecaf888",
      plaintext: String(longText.prefix(120)),
      context: "feedfacedeadbeeffeedfacedeadbeefabaddad2", sealed: String(longSealed.prefix(120)) + "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  @Test("AES-256-GCM gives the published ciphertexts and tags, and opens them", arguments: vectors)
  func published(vector: Vector) throws {
    let suite = CipherSuite.aes256GCM
    let key = SymmetricKey(try Hex.decode(vector.key))
    let nonce = try Hex.decode(vector.nonce)
    let context = try Hex.decode(vector.context)
    let sealed = try suite.seal(try Hex.decode(vector.plaintext), key: key, nonce: nonce, context: context)
    #expect(Hex.encode(sealed) == vector.sealed)
    #expect(Hex.encode(try suite.open(sealed, key: key, nonce: nonce, context: context)) == vector.plaintext)
  }

  @Test("a sealed value opens only as it was, with its key and its context")
  func changed() throws {
    let key = try SymmetricKey.random()
    let context = Array("table/row/field".utf8)
    let plaintext = Array("问题已解决".utf8)
    let sealed = try SealedEnvelope.seal(plaintext, key: key, context: context)
    #expect(try SealedEnvelope.open(sealed, key: key, context: context) == plaintext)
    for position in sealed.indices.dropFirst() {
      var changed = sealed
      changed[position] ^= 1
      #expect(throws: CryptoError.notAuthentic) { try SealedEnvelope.open(changed, key: key, context: context) }
    }
    #expect(throws: CryptoError.notAuthentic) { try SealedEnvelope.open(sealed, key: key, context: context + [0]) }
    let other = try SymmetricKey.random()
    #expect(throws: CryptoError.notAuthentic) { try SealedEnvelope.open(sealed, key: other, context: context) }
    for count in 0..<29 {
      #expect(throws: CryptoError.self) { try SealedEnvelope.open(Array(sealed[..<count]), key: key, context: context) }
    }
  }

  @Test("the same plaintext is sealed to another value each time")
  func freshNonces() throws {
    let key = try SymmetricKey.random()
    let values = Set(try (0..<100).map { _ in try SealedEnvelope.seal([1, 2, 3], key: key, context: []) })
    #expect(values.count == 100)
  }

  @Test("another suite takes its place, and what the first one sealed still opens")
  func replaced() throws {
    let chacha = CipherSuite(name: "ChaCha20-Poly1305", number: 2, keyLength: 32)
    let key = try SymmetricKey.random()
    let old = try SealedEnvelope.seal([1], key: key, context: [])
    let new = try SealedEnvelope.seal([2], key: key, context: [], suite: chacha)
    #expect(try SealedEnvelope.open(old, key: key, context: [], suites: [chacha, .aes256GCM]) == [1])
    #expect(try SealedEnvelope.open(new, key: key, context: [], suites: [chacha, .aes256GCM]) == [2])
    #expect(throws: CryptoError.self) { try SealedEnvelope.open(new, key: key, context: []) }
  }

  @Test("a cipher that this machine does not have is an error, not a crash")
  func missing() throws {
    let missing = CipherSuite(name: "NO-SUCH-CIPHER", number: 9, keyLength: 32)
    let key = try SymmetricKey.random()
    #expect(throws: CryptoError.provider(operation: "fetch NO-SUCH-CIPHER", code: 0)) {
      try SealedEnvelope.seal([1], key: key, context: [], suite: missing)
    }
  }

  @Test("keys and nonces of a wrong length are refused")
  func lengths() throws {
    let suite = CipherSuite.aes256GCM
    #expect(throws: CryptoError.length(of: "key", expected: 32, found: 16)) {
      try suite.seal([], key: SymmetricKey([UInt8](repeating: 0, count: 16)), nonce: [UInt8](repeating: 0, count: 12))
    }
    #expect(throws: CryptoError.length(of: "nonce", expected: 12, found: 8)) {
      try suite.seal([], key: SymmetricKey([UInt8](repeating: 0, count: 32)), nonce: [UInt8](repeating: 0, count: 8))
    }
  }

  @Test("a key does not print its bytes")
  func redacted() {
    let key = SymmetricKey([0xAB, 0xCD])
    #expect("\(key)" == "SymmetricKey(2 bytes)")
    #expect(String(reflecting: key) == "SymmetricKey(2 bytes)")
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains("171"))
  }
}
