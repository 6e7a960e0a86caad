// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Store

extension DueWork {
  /// Visits to key complainants: both sides are told what is due and what was missed.
  static func visits(_ identities: Identities, _ keeper: ClockKeeper) -> DueWork {
    DueWork(name: "visits", due: { ComplainantStore.dueTenants(at: $0) }) { tenant, now, transaction in
      try await VisitRound(in: tenant, at: now, keeper, identity: identities.next).perform(by: transaction)
    }
  }
}
