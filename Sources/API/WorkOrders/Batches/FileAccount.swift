// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Postgres
import Store

/// The account of a file that is taken in block by block, each in one transaction with what became of its lines.
struct FileAccount: Sendable {
  /// The largest file.
  static let greatest = 4 << 30
  /// How many refused lines are kept with their reasons; of more, only their number.
  private static let faultsKept = 10_000
  /// How often a block is tried before the file is given up; with the pauses between, about a minute.
  private static let attempts = 30
  /// How often a file that comes slowly is said to be alive, in microseconds; well within `OrderBatchStore.silence`.
  private static let pulse = Instant.minute

  /// What became of some lines.
  struct Outcome: Sendable {
    var counts = OrderBatchStore.Counts()
    fileprivate(set) var faults: [OrderBatchStore.LineFault] = []

    /// - Parameter heading: of the column that a fault is about.
    mutating func refuse(_ line: Int, _ list: [Fault], heading: (Fault) -> String? = { _ in nil }) {
      counts.refused += 1
      for (place, fault) in list.prefix(20).enumerated() {
        faults.append(.init(line: Int32(clamping: line), place: Int32(place), fault: fault.withoutQuotes, heading: heading(fault)))
      }
    }
  }

  let id: UUIDv7
  let tenant: TenantID
  let lanes: Lanes
  let clock: @Sendable () -> Instant
  /// What became of lines that no block has told of yet.
  var outcome = Outcome()
  private var kept = 0
  private var heard: Instant

  init(_ id: UUIDv7, in tenant: TenantID, on lanes: Lanes, clock: @escaping @Sendable () -> Instant, at now: Instant) {
    (self.id, self.tenant, self.lanes, self.clock, heard) = (id, tenant, lanes, clock, now)
  }

  /// Writes a block, with the faults found before it.
  ///
  /// - Parameters:
  ///   - ignored: the headings that mean nothing.
  ///   - constraint: what a block violates when somebody takes one of its lines in meanwhile; it is known the next time.
  ///   - body: judges the block's lines in the transaction, and says what is to be written; it may be asked again.
  mutating func put(
    _ ignored: [String], knownBy constraint: String? = nil, _ body: @Sendable (Transaction, inout Outcome) async throws -> [Statement]
  ) async throws {
    let (before, room, id, tenant, clock) = (outcome, max(0, Self.faultsKept - kept), id, tenant, clock)
    for attempt in 1...Self.attempts {
      do throws(TransactionError) {
        kept += try await lanes.transaction(in: .tenant(tenant.number)) { transaction in
          var outcome = before
          var statements = try await body(transaction, &outcome)
          let faults = Array(outcome.faults.prefix(room))
          if !faults.isEmpty { statements.append(OrderBatchStore.note(faults, of: id, in: tenant)) }
          statements.append(OrderBatchStore.progress(id, outcome.counts, state: .running, ignored: ignored, at: clock(), in: tenant))
          _ = try await transaction.rows(statements)
          return faults.count
        }
        outcome = Outcome()
        return
      } catch {
        guard attempt < Self.attempts, Self.mayTryAgain(error, constraint) else { throw error }
        // Meanwhile the client is held up, and what was in the way passes.
        try? await lanes.loop.sleep(for: .milliseconds(min(2000, 50 * attempt)))
      }
    }
  }

  /// Whether nothing of a block was done, and may be the next time: somebody took one of its lines in meanwhile, two files met, or the
  /// database had no room.
  private static func mayTryAgain(_ error: TransactionError, _ constraint: String?) -> Bool {
    switch error.database {
    case .overloaded, .unavailable, .rolledBack: true
    case .server(let server):
      constraint != nil && server.constraint == constraint
        || [.deadlockDetected, .lockNotAvailable, .serializationFailure].contains(server.state)
    default: false
    }
  }

  /// Says from time to time that the file is alive.
  mutating func pulse(_ ignored: [String]) async throws {
    let now = clock()
    guard now.microseconds(since: heard) > Self.pulse else { return }
    heard = now
    let alive = OrderBatchStore.progress(id, .init(), state: .running, ignored: ignored, at: now, in: tenant)
    _ = try await lanes.rows(alive, in: .tenant(tenant.number), .write)
  }

  /// What is written when the file has ended; where it was cut off, of what came before only.
  func closing(_ state: OrderBatchStore.State, _ ignored: [String]) -> Statement {
    OrderBatchStore.progress(id, state == .cut ? .init() : outcome.counts, state: state, ignored: ignored, at: clock(), in: tenant)
  }
}

extension Fault {
  /// The fault as it may be kept: what a line says may be a citizen's in any column, so none of it is quoted, be it in words or as a member's name.
  fileprivate var withoutQuotes: Fault {
    // What is missing has our name, and none of the line's.
    if code == "missing-member" { return self }
    func unquoted(_ text: String) -> String {
      var kept = ""
      var depth = 0
      for character in text {
        if character == "”" { depth = max(0, depth - 1) }
        if depth == 0 { kept.append(character) }
        if character == "“" {
          depth += 1
          if depth == 1 { kept += "…" }
        }
      }
      return MaskedCitizen.numbers(in: kept)
    }
    let place =
      ["unknown-member", "repeated-member"].contains(code)
      ? pointer.prefix(upTo: pointer.lastIndex(of: "/") ?? pointer.startIndex) : pointer[...]
    return Fault(pointer: String(place), code: code, detail: Text(zh: unquoted(detail.zh), en: unquoted(detail.en)))
  }
}
