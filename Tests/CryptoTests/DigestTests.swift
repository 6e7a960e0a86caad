// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite("SHA-256 and HMAC-SHA-256")
struct DigestTests {
  @Test(
    "SHA-256 gives the digests of FIPS 180-4's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func digests(text: String, expected: String) throws {
    #expect(Hex.encode(try SHA256.digest(of: Array(text.utf8))) == expected)
  }

  @Test("a digest does not depend on how the bytes are split")
  func pieces() throws {
    var hash = try SHA256()
    for _ in 0..<1000 { try hash.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)) }
    let digest = try hash.finish()
    #expect(Hex.encode(digest) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// RFC 4231 §4.2–4.4, 4.7, 4.8.
  @Test(
    "HMAC-SHA-256 gives the codes of RFC 4231",
    arguments: [
      (
        String(repeating: "0b", count: 20), Hex.encode(Array("Hi There".utf8)),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Hex.encode(Array("Jefe".utf8)), Hex.encode(Array("what do ya want for nothing?".utf8)),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        String(repeating: "aa", count: 131), Hex.encode(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      (
        String(repeating: "aa", count: 131),
        Hex.encode(
          Array(
            "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
              .utf8)),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
      ),
    ])
  func codes(key: String, message: String, expected: String) throws {
    let hmac = try HMACSHA256(key: SymmetricKey(try Hex.decode(key)))
    let bytes = try Hex.decode(message)
    // Twice: the scheduled key must not be used up by a message.
    #expect(Hex.encode(try hmac.code(for: bytes)) == expected)
    #expect(Hex.encode(try hmac.code(for: bytes)) == expected)
    #expect(try hmac.accepts(try Hex.decode(expected), for: bytes))
    #expect(try !hmac.accepts(try Hex.decode(expected), for: bytes + [0]))
  }

  @Test("digests and codes come out right when many threads ask at once")
  func threads() async throws {
    let hmac = try HMACSHA256(key: SymmetricKey(Array("key".utf8)))
    let expected = try (0..<8).map { try hmac.code(for: [UInt8($0)]) + SHA256.digest(of: [UInt8($0)]) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<8 {
        group.addTask {
          for _ in 0..<500 where try hmac.code(for: [UInt8(index)]) + SHA256.digest(of: [UInt8(index)]) != expected[index] { return false }
          return true
        }
      }
      for try await equal in group { #expect(equal) }
    }
  }
}
