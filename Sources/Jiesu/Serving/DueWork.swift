// SPDX-License-Identifier: Apache-2.0
import API
import Base
import EventLoop
import Postgres
import Store

/// A kind of work that falls due by the clock, for the ``Timekeeper`` to do.
struct DueWork: Sendable {
  /// Its name in the log and the metrics.
  let name: String
  /// Which offices have some of it at an instant: one statement that changes nothing, run in nobody's context.
  let due: @Sendable (Instant) -> Query<DueTenant>
  /// Does a bounded part of what is due in an office, all of it within the transaction, which is in the office's context.
  ///
  /// Whatever it takes up it locks and passes over what another server has locked (`FOR UPDATE SKIP LOCKED`), and marks it as done where it
  /// changes what it is to change: so each thing is done once, over crashes and over several servers.
  ///
  /// - Returns: how much it did; none when nothing was to be had.
  let fire: @Sendable (TenantID, Instant, Transaction) async throws -> Int
  /// How many transactions work on an office side by side: while one waits for the database another is worked out.
  var width = 1
  /// What wakes whoever does it before the next tick.
  var alarm: Alarm?
}

extension DueWork {
  /// What every server does.
  ///
  /// - Parameter marked: rings when a file of clock marks is in.
  static func all(_ identities: Identities, _ keeper: ClockKeeper, marked: Alarm, log: Log) -> [DueWork] {
    [
      clocks(identities, keeper), rates, obligations(identities, log: log), staff(identities), attendance(identities, keeper, marked),
      visits(identities, keeper), batches(identities), texts,
    ]
  }

  /// Differences of the three rates are folded into the counts.
  private static let rates = DueWork(name: "rates", due: RateStore.due) { tenant, _, transaction in
    try await transaction.query(RateStore.fold(atMost: 20_000, in: tenant)).first ?? 0
  }
}
