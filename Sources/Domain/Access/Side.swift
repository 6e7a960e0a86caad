// SPDX-License-Identifier: Apache-2.0
import Base

/// On whose behalf somebody acts: nobody decides on their own side's proposal (`docs/architecture.md`, "Access").
package enum Side: String, Sendable, CaseIterable {
  case platform
  case office
  case vendor
}

extension Side {
  package var name: Text {
    switch self {
    case .platform: Text(zh: "平台", en: "the platform")
    case .office: Party.office.name
    case .vendor: Party.vendor.name
    }
  }
}
