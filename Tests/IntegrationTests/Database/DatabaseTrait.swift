// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Gives a suite one database for all its tests, made before the first and dropped after the last.
struct DatabaseTrait: SuiteTrait, TestScoping {
  let prepare: @Sendable (TestDatabase) async throws -> Void

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
    try await BlockingThreads.run {
      try await TestDatabase.with { database in
        try await prepare(database)
        try await TestDatabase.$suites.withValue(database) { try await body() }
      }
    }
  }
}

extension Trait where Self == DatabaseTrait {
  /// One database for all tests of the suite: they must not get in each other's way.
  static func database(_ prepare: @escaping @Sendable (TestDatabase) async throws -> Void = { _ in }) -> Self {
    DatabaseTrait(prepare: prepare)
  }
}
