// SPDX-License-Identifier: Apache-2.0

/// On whose behalf somebody acts: nobody decides on their own side's proposal (`docs/architecture.md`, "Access").
package enum Side: String, Sendable, CaseIterable {
  case platform
  case office
  case vendor
}
