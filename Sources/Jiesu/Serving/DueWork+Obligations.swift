// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Store

extension DueWork {
  /// Obligations whose time passes, and contracts of which something was recorded.
  static func obligations(_ identities: Identities, log: Log) -> DueWork {
    DueWork(name: "obligations", due: { ObligationStore.dueTenants(at: $0) }) { tenant, now, transaction in
      let look = ObligationLook(in: tenant, at: now, identity: identities.next)
      guard let outcome = try await look.perform(by: transaction) else { return 0 }
      if let failure = outcome.failure {
        log.write(
          .warning, "obligations-unknown",
          [
            "tenant": .integer(Int64(tenant.number)), "contract": .identifier(outcome.contract),
            "error": .identifier("\(type(of: failure)): \(failure)"),
          ])
      }
      return max(1, outcome.changed)
    }
  }
}
