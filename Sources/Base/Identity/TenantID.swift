// SPDX-License-Identifier: Apache-2.0

/// The number of a tenant in this deployment; positive.
///
/// It is an integer by type, so its text is safe wherever a setting must be spelled out.
package struct TenantID: Sendable, Hashable {
  package let number: Int32

  package init?(_ number: Int32) {
    guard number > 0 else { return nil }
    self.number = number
  }
}

extension TenantID: Comparable {
  package static func < (a: TenantID, b: TenantID) -> Bool { a.number < b.number }
}

extension TenantID: CustomStringConvertible {
  package var description: String { String(number) }
}
