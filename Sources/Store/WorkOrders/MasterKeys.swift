// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The deployment's master keys, with which the offices' keys are sealed: all that were ever in use, the last one seals.
package struct MasterKeys: Sendable {
  package let keys: [Int32: SymmetricKey]
  /// The number of the one that seals.
  package let current: Int32

  /// The name of their file among the deployment's secrets.
  package static let fileName = "master-key"

  /// Reads the file in a directory, or makes one with a first key.
  ///
  /// - Throws: `CryptoError.secretFile` for a file that others can use, `CryptoError.malformed` for one that holds something else.
  package static func read(inDirectory directory: String) throws(CryptoError) -> MasterKeys {
    let file = SecretFile(path: "\(directory)/\(fileName)")
    return try MasterKeys(file.read { () throws(CryptoError) in Array(line(1, try SymmetricKey.random()).utf8) })
  }

  /// Each line is a number and a key in hexadecimal digits.
  package init(_ file: [UInt8]) throws(CryptoError) {
    var keys: [Int32: SymmetricKey] = [:]
    var current: Int32 = 0
    for line in String(decoding: file, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2, let number = Int32(words[0]), number > current else {
        throw .malformed("the file of master keys")
      }
      let bytes = try Hex.decode(String(words[1]))
      guard bytes.count == 32 else { throw .malformed("the file of master keys") }
      keys[number] = SymmetricKey(bytes)
      current = number
    }
    guard current > 0 else { throw .malformed("the file of master keys") }
    self.keys = keys
    self.current = current
  }

  private static func line(_ number: Int32, _ key: SymmetricKey) -> String { "\(number) \(Hex.encode(key.bytes))\n" }

  /// The file with one more key, which then seals.
  package func adding(_ key: SymmetricKey) -> [UInt8] {
    let all = keys.sorted { $0.key < $1.key } + [(current + 1, key)]
    return Array(all.map { Self.line($0.0, $0.1) }.joined().utf8)
  }

  /// An office's key, as it is stored.
  func seal(_ key: SymmetricKey, number: Int32, purpose: DataKey.Purpose, of tenant: Int32) throws(CryptoError) -> (
    master: Int32, sealed: [UInt8]
  ) {
    guard let master = keys[current] else { throw .malformed("the file of master keys") }
    return (current, try SealedEnvelope.seal(key.bytes, key: master, context: Self.context(number, purpose, tenant)))
  }

  func open(_ key: DataKey, of tenant: Int32) throws(CryptoError) -> SymmetricKey {
    guard let master = keys[key.master] else { throw .malformed("a key sealed with master key \(key.master), which is not in the file") }
    return SymmetricKey(try SealedEnvelope.open(key.sealed, key: master, context: Self.context(key.number, key.purpose, tenant)))
  }

  private static func context(_ number: Int32, _ purpose: DataKey.Purpose, _ tenant: Int32) -> [UInt8] {
    Array("data_key/\(tenant)/\(number)/\(purpose.rawValue)".utf8)
  }
}
