// SPDX-License-Identifier: Apache-2.0

/// A password as it is stored: `$scrypt$ln=15,r=8,p=3$salt$hash`, salt and hash in unpadded Base64.
///
/// Making and checking one takes about a tenth of a second and 32 MiB: call them off the event loop.
package struct PasswordHash: Sendable, Equatable {
  private static let saltLength = 16
  private static let hashLength = 32

  private let parameters: Scrypt
  private let salt: [UInt8]
  private let hash: [UInt8]

  /// Hashes a password under a fresh salt.
  package init(password: String, parameters: Scrypt = .current) throws(CryptoError) {
    self.parameters = parameters
    salt = try SecureRandom.bytes(Self.saltLength)
    hash = try parameters.derive(password: Array(password.utf8), salt: salt, length: Self.hashLength)
  }

  /// Reads a stored text.
  ///
  /// - Throws: `CryptoError.malformed` unless it has exactly the form of `encoded`.
  package init(encoded: String) throws(CryptoError) {
    let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { throw .malformed("password hash") }
    let settings = parts[2].split(separator: ",", omittingEmptySubsequences: false)
    guard settings.count == 3, let logN = Self.value(of: "ln=", in: settings[0]), let r = Self.value(of: "r=", in: settings[1]),
      let p = Self.value(of: "p=", in: settings[2])
    else { throw .malformed("password hash") }
    parameters = try Scrypt(logN: logN, r: r, p: p)
    salt = try Base64.standard.decode(String(parts[3]))
    hash = try Base64.standard.decode(String(parts[4]))
    guard salt.count >= 8, hash.count == Self.hashLength else { throw .malformed("password hash") }
  }

  package var encoded: String {
    "$scrypt$ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)$\(Base64.standard.encode(salt))$\(Base64.standard.encode(hash))"
  }

  /// Whether `password` is the one that was hashed.
  package func accepts(_ password: String) throws(CryptoError) -> Bool {
    constantTimeEqual(try parameters.derive(password: Array(password.utf8), salt: salt, length: hash.count), hash)
  }

  /// Whether it was made with other parameters than new passwords get, and should be made anew at the next login.
  package var isOutdated: Bool { parameters != .current }

  /// Costs what a real check costs, and always says no: for a login that does not exist, so that time does not tell.
  package static func refuse(_ password: String) throws(CryptoError) -> Bool {
    _ = try Scrypt.current.derive(password: Array(password.utf8), salt: [UInt8](repeating: 0, count: saltLength), length: hashLength)
    return false
  }

  private static func value(of name: String, in setting: Substring) -> Int? {
    guard setting.hasPrefix(name) else { return nil }
    let digits = setting.dropFirst(name.count)
    let isNumber = (1...3).contains(digits.utf8.count) && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isNumber ? Int(digits) : nil
  }
}
