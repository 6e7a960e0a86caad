// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite("Base64, hexadecimal digits, random bytes")
struct TextEncodingTests {
  /// RFC 4648 §10, without padding.
  @Test(
    "Base64 gives the texts of RFC 4648, and reads them",
    arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy")])
  func published(bytes: String, text: String) throws {
    #expect(Base64.url.encode(Array(bytes.utf8)) == text)
    #expect(try Base64.url.decode(text) == Array(bytes.utf8))
  }

  @Test("the two alphabets differ in two characters")
  func alphabets() throws {
    #expect(Base64.url.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    #expect(Base64.standard.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
    #expect(throws: CryptoError.self) { try Base64.url.decode("+/+/") }
    #expect(throws: CryptoError.self) { try Base64.standard.decode("-_-_") }
  }

  @Test("a second text for the same bytes is refused", arguments: ["Zh", "Zm9", "Zg==", "Z", "Zm9v ", "Zm9vY", "Zm\n9v", "Zm9é"])
  func canonical(text: String) {
    #expect(throws: CryptoError.self) { try Base64.url.decode(text) }
  }

  @Test("bytes survive Base64 and hexadecimal digits at every length")
  func roundTrips() throws {
    for count in 0..<70 {
      let bytes = try SecureRandom.bytes(count)
      #expect(try Base64.url.decode(Base64.url.encode(bytes)) == bytes)
      #expect(try Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
      #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test("texts that are no hexadecimal digits are refused", arguments: ["a", "0g", " 00", "٠٠"])
  func noHex(text: String) {
    #expect(throws: CryptoError.self) { try Hex.decode(text) }
  }

  @Test("random bytes do not repeat")
  func random() throws {
    let drawn = Set(try (0..<1000).map { _ in try SecureRandom.bytes(16) })
    #expect(drawn.count == 1000)
    #expect(try SecureRandom.bytes(0).isEmpty)
  }

  @Test("the comparison sees equal, different, shorter and longer")
  func comparison() {
    #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
  }
}
