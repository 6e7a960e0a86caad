// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Testing

/// A deployment on a cluster of its own, both of which may be killed.
struct MortalDeployment: SuiteTrait, TestScoping {
  /// Tells its cluster from those of other suites.
  let name: String

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
    try await BlockingThreads.run {
      let cluster = try Cluster.start("crash-\(getpid())-\(name)")
      defer { try? cluster.drop() }
      try await Deployment.with(cluster: cluster) { deployment in
        try await Deployment.$suites.withValue(deployment) { try await body() }
      }
    }
  }
}
