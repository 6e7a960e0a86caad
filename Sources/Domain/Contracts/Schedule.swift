// SPDX-License-Identifier: Apache-2.0
import Base

/// One payment that the contract foresees, with the days it pays for and the days whose facts it takes up.
package struct ScheduledPayment: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// Its number among the instalments, from one.
    case instalment(Payment, Int)
    /// The period's number, from one.
    case period(Payment, Int)
    /// The month's number after the end of service, from one.
    case holdOver(HoldOver, Int)
    case release(Retention)
  }

  /// `first`, `quarter-2`, `hold-over-1`, or the retention's own name.
  package let id: String
  package let source: Source
  /// The revision that governs it, as its place in the chain.
  package let revision: Int
  /// The days it pays for, cut where the service ends early; `nil` for an instalment.
  package let period: DateRange?
  /// The days a whole period would have.
  package let fullPeriod: DateRange?
  /// The days whose facts it takes up; `nil` for none. Every day belongs to one payment.
  package internal(set) var window: DateRange?
  /// Whether it is the last of the contract's own plan, where deductions kept to the end are made.
  package internal(set) var isLast = false

  package var payment: Payment? {
    switch source {
    case .instalment(let payment, _), .period(let payment, _): payment
    case .holdOver, .release: nil
    }
  }

  /// Its name for people: `第 2 期`, `period 2`.
  package var name: Text {
    switch source {
    case .instalment(_, let number): Text(zh: "第 \(number) 笔付款", en: "instalment \(number)")
    case .period(_, let number): Text(zh: "第 \(number) 期", en: "period \(number)")
    case .holdOver(_, let number): Text(zh: "到期后第 \(number) 个月", en: "month \(number) after expiry")
    case .release: Text(zh: "退还暂扣款", en: "release of the retention")
    }
  }
}

/// What changed the length of the service.
package struct ServiceLife: Sendable, Hashable {
  /// The last day of service where it ended early.
  package let terminated: CivilDate?
  /// The days on which service went on after an end, as they were recorded.
  package let heldOver: [DateRange]

  package static let asAgreed = ServiceLife(terminated: nil, heldOver: [])

  package init(terminated: CivilDate?, heldOver: [DateRange]) {
    self.terminated = terminated
    self.heldOver = heldOver
  }

  /// The last day of service between two days, where it went on there at all.
  func heldOver(from first: CivilDate, through last: CivilDate) -> CivilDate? {
    DateRange(first, through: last).flatMap { gap in heldOver.filter(gap.overlaps).map(\.last).max() }
  }
}

/// Why a contract has no schedule.
package enum ScheduleError: Error, Sendable, Hashable {
  /// No rule pack says how long the city's evaluation cycle is on that day.
  case missingCycle(CivilDate)
  case outOfRange

  package var text: Text {
    switch self {
    case .missingCycle(let day): Text(zh: "没有规则包说明 \(day) 的评价周期。", en: "No rule pack says how long the evaluation cycle is on \(day).")
    case .outOfRange: Text(zh: "日期超出可表示的范围。", en: "The date is out of range.")
    }
  }

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .missingCycle: "rule-pack-missing"
    case .outOfRange: "date-out-of-range"
    }
  }
}

/// The payments a contract foresees, in the order of its plan.
package struct Schedule: Sendable, Hashable {
  package let payments: [ScheduledPayment]
  /// The last day of service under the contract's own term, or of an early end.
  package let serviceEnd: CivilDate
  /// The last day of service of each of the contract's stretches that began.
  package let ends: [CivilDate]

  /// The last day of service of the stretch that a payment belongs to.
  func end(of payment: ScheduledPayment, in contract: Contract) -> CivilDate {
    let place = contract.stretchIndex(of: payment.revision)
    return ends.indices.contains(place) ? ends[place] : serviceEnd
  }

  package subscript(id: String) -> ScheduledPayment? { payments.first { $0.id == id } }

  /// - Throws: `missingCycle` when periods are counted in evaluation cycles and no pack knows them.
  package init(_ contract: Contract, packs: RulePacks, life: ServiceLife) throws(ScheduleError) {
    var builder = ScheduleBuilder(contract, packs, life)
    do throws(DateError) {
      try builder.plan()
    } catch {
      throw .outOfRange
    }
    if let day = builder.missingCycle { throw .missingCycle(day) }
    builder.release()
    builder.divideDays()
    payments = builder.payments
    serviceEnd = builder.serviceEnd
    ends = builder.ends
  }
}
