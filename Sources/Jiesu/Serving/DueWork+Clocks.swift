// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Domain
import Postgres
import Store

extension DueWork {
  /// The clocks of work orders: warnings and misses are told, what recurs begins anew, the vendor's misses propose incidents.
  static func clocks(_ identities: Identities, _ keeper: ClockKeeper) -> DueWork {
    DueWork(name: "clocks", due: { ClockStore.dueTenants(at: $0) }) { tenant, now, transaction in
      try await ClockRound(in: tenant, at: now, keeper, identity: identities.next).perform(by: transaction)
    }
  }
}
