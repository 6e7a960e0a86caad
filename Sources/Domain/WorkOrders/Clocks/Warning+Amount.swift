// SPDX-License-Identifier: Apache-2.0
import Base

extension ServiceLevel.Warning {
  /// How much of a limit is used up when it is warned of.
  ///
  /// - Parameter limit: microseconds; days before the end are of 24 hours, months of 30 days.
  /// - Returns: microseconds, between none and all of the limit.
  package func amount(of limit: Int64) -> Int64 {
    switch self {
    case .before(let span):
      let days: Int64 =
        switch span.unit {
        case .months: 30
        case .years: 365
        default: 1
        }
      let (length, overflow) = (span.microseconds ?? .max).multipliedReportingOverflow(by: days)
      return overflow ? 0 : max(0, limit - min(limit, length))
    case .used(let share):
      // A share of a limit that 64 bits hold, with at most eight decimals, is far from the end of 128.
      let used = Int128(limit) * share.value.numerator / share.value.denominator
      return Int64(clamping: min(max(0, used), Int128(limit)))
    }
  }
}
