// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Store

extension DueWork {
  /// Posts that fell vacant, people who begin in somebody's place, people who left with nothing cleared.
  static func staff(_ identities: Identities) -> DueWork {
    DueWork(name: "staff", due: { StaffLook.dueTenants(at: $0) }) { tenant, now, transaction in
      try await StaffLook(in: tenant, at: now, identity: identities.next).perform(by: transaction)
    }
  }
}
