// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite("passwords")
struct PasswordTests {
  /// RFC 7914 §12.
  @Test(
    "scrypt gives the keys of RFC 7914",
    arguments: [
      (
        "", "", 4, 1, 1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", 10, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", 14, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
      ),
    ])
  func published(password: String, salt: String, logN: Int, r: Int, p: Int, expected: String) throws {
    let key = try Scrypt(logN: logN, r: r, p: p).derive(password: Array(password.utf8), salt: Array(salt.utf8), length: 64)
    #expect(Hex.encode(key) == expected)
  }

  @Test("a stored password carries its parameters and accepts only itself")
  func stored() throws {
    let hash = try PasswordHash(password: "正确的密码 42")
    #expect(hash.encoded.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
    let read = try PasswordHash(encoded: hash.encoded)
    #expect(read == hash)
    #expect(try read.accepts("正确的密码 42"))
    #expect(try !read.accepts("正确的密码 43"))
    #expect(try !read.accepts(""))
    #expect(!read.isOutdated)
    #expect(try PasswordHash(password: "正确的密码 42") != hash)
  }

  @Test("a hash under other parameters still works, and says that it is outdated")
  func outdated() throws {
    let hash = try PasswordHash(password: "x", parameters: try Scrypt(logN: 4, r: 8, p: 1))
    let read = try PasswordHash(encoded: hash.encoded)
    #expect(try read.accepts("x"))
    #expect(read.isOutdated)
  }

  @Test("an unknown login costs a check and is refused")
  func unknown() throws { #expect(try !PasswordHash.refuse("anything")) }

  @Test(
    "a text that is no stored password is refused, whatever it asks for",
    arguments: [
      "", "x", "$scrypt$", "$argon2$ln=15,r=8,p=3$c2FsdHNhbHQ$AAAA", "$scrypt$ln=15,r=8$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
      "$scrypt$ln=99,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$scrypt$ln=15,r=8,p=999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$scrypt$ln=-1,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$scrypt$ln=15,r=8,p=3$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$",
      "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
  func malformed(text: String) {
    #expect(throws: CryptoError.self) { try PasswordHash(encoded: text) }
  }
}
