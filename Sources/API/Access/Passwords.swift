// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import EventLoop

/// Checks and makes passwords on threads of their own: at most two at once, since each takes 32 MiB and a tenth of a second.
package struct Passwords: Sendable {
  private let threads: Offload

  /// How many may wait beyond the two that run; who comes then is asked to come back (503).
  private static let waiting = 16

  package init() throws { threads = try Offload(threads: 2, bound: Self.waiting) }

  /// Whether a password is the stored one; with nothing stored it takes as long and says no.
  ///
  /// - Throws: 503 while too many wait.
  func check(_ password: String, against stored: String?) async throws -> Bool {
    try await run {
      guard let stored else { return try PasswordHash.refuse(password) }
      return try PasswordHash(encoded: stored).accepts(password)
    }
  }

  /// The text to store for a password.
  ///
  /// - Throws: 503 while too many wait.
  package func hash(_ password: String) async throws -> String {
    try await run { try PasswordHash(password: password).encoded }
  }

  /// What stands for content that has a password in it, as slow to guess from as the password's own text.
  ///
  /// - Throws: 503 while too many wait.
  func digest(_ content: [UInt8], salt: [UInt8]) async throws -> [UInt8] {
    try await run { try Scrypt.current.derive(password: content, salt: salt, length: 32) }
  }

  package func stop() { threads.stop() }

  private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    do {
      return try await threads.run(work)
    } catch is Offload.Failure {
      throw Problem.overloaded
    }
  }
}
