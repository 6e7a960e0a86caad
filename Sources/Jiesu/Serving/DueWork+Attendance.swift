// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Store

extension DueWork {
  /// Shifts that are over, and those of which marks came in later, are judged: who came late, left early or was missing.
  static func attendance(_ identities: Identities, _ keeper: ClockKeeper) -> DueWork {
    DueWork(name: "attendance", due: { AttendanceLook.dueTenants(at: $0) }) { tenant, now, transaction in
      try await AttendanceLook(in: tenant, at: now, keeper, identity: identities.next).perform(by: transaction)
    }
  }
}
