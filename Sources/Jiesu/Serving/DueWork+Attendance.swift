// SPDX-License-Identifier: Apache-2.0
import API
import Base
import EventLoop
import Store

extension DueWork {
  /// Shifts that are over, and those of which marks came in later, are judged: who came late, left early or was missing.
  ///
  /// - Parameter marked: rings when a file of marks is in.
  static func attendance(_ identities: Identities, _ keeper: ClockKeeper, _ marked: Alarm) -> DueWork {
    DueWork(
      name: "attendance", due: { AttendanceLook.dueTenants(at: $0) },
      fire: { tenant, now, transaction in
        try await AttendanceLook(in: tenant, at: now, keeper, identity: identities.next).perform(by: transaction)
      }, width: 2, alarm: marked)
  }
}
