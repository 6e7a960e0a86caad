// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Takes a file of clock marks in while it comes: some thousand lines at a time, one block being written while the next is read.
///
/// A mark that is there already is the same mark, so a file that was cut off is simply sent again.
struct MarkBatchIntake {
  /// How many lines go into one transaction.
  private static let lines = 10_000
  /// When the timer judges the shifts of a file that does not end, after each of its blocks.
  private static let patience = Instant.minute

  let call: Call
  let services: Services
  let isDry: Bool
  let headings: [String: MarkColumn]
  let encoding: FileEncoding

  /// Lines that were read and are to be written.
  private struct Block: Sendable {
    var marks: [(line: Int, mark: RecordedMark)] = []
    /// Of those that no mark could be made of.
    var outcome = FileAccount.Outcome()

    var isFull: Bool { marks.count == lines || outcome.counts.refused >= lines }
    var isEmpty: Bool { marks.isEmpty && outcome.counts.read == 0 }
  }

  /// How far the file has been written.
  private struct Written: Sendable {
    var account: FileAccount
    /// Those whom it has named so far.
    var known: AttendanceBody.Known = [:]
    var unknown: Set<String> = []
  }

  func perform() async throws -> UUIDv7 {
    let tenant = try call.office.tenant
    let context = Context.tenant(tenant.number)
    let (id, user) = (services.identities.next(at: call.now), try call.principal.user)
    let begin = OrderBatchStore.begin(id, .csv, of: .marks, map: nil, isDry: isDry, by: user, at: call.now, in: tenant)
    _ = try await services.lanes.rows(begin, in: context, .write)
    let decoder = FileDecoder(encoding)
    var file = MarkFile(headings) { decoder.text($0) }
    var written = Written(account: FileAccount(id, in: tenant, on: services.lanes, clock: services.clock, at: call.now))
    do {
      try await withThrowingTaskGroup(of: Written.self) { group in
        do {
          try await read(&file, &written, &group)
        } catch {
          // What is being written still counts.
          if let last = try? await group.next() { written = last }
          throw error
        }
      }
      try await end(.finished, written, file.ignored)
    } catch {
      _ = try? await end(.cut, written, file.ignored)
      throw error
    }
    return id
  }

  private func read(
    _ file: inout MarkFile, _ written: inout Written, _ group: inout ThrowingTaskGroup<Written, any Error>
  ) async throws {
    let content = call.request.content
    var alive = written.account
    var block = Block()
    while true {
      let piece = try await content.next()
      let read: [MarkFile.Line]
      if let piece { read = try file.take(piece) } else { read = try file.finish() }
      for line in read {
        switch line.mark {
        case .failure(let faults): block.outcome.refuse(line.number, faults.list)
        case .success(let mark): block.marks.append((line.number, mark))
        }
        guard block.isFull else { continue }
        if let last = try await group.next() { written = last }
        group.addTask { [block, written, ignored = file.ignored] in try await take(block, after: written, ignored) }
        block = Block()
      }
      if piece == nil { break }
      try await alive.pulse(file.ignored)
    }
    if let last = try await group.next() { written = last }
    if !block.isEmpty { written = try await take(block, after: written, file.ignored) }
  }

  /// Writes a block.
  private func take(_ block: Block, after written: Written, _ ignored: [String]) async throws -> Written {
    var written = written
    let (tenant, user, now) = (try call.office.tenant, try call.principal.user, call.now)
    let new = Set(block.marks.lazy.map(\.mark.person)).filter { written.known[$0] == nil }.subtracting(written.unknown)
    if !new.isEmpty {
      let found = try await services.lanes.query(
        AttendanceStore.people(Array(new), of: call.vendor, in: tenant), in: .tenant(tenant.number))
      written.known.merge(AttendanceBody.known(found)) { $1 }
      written.unknown.formUnion(new.subtracting(found.map(\.code)))
    }
    written.account.outcome = block.outcome
    var marks: [RecordedMark] = []
    marks.reserveCapacity(block.marks.count)
    for (line, mark) in block.marks {
      if let fault = AttendanceBody.fault(mark, known: written.known, at: now) {
        written.account.outcome.refuse(line, [fault])
      } else {
        marks.append(mark)
      }
    }
    let (taken, id, look) = (marks, written.account.id, try now.adding(microseconds: Self.patience))
    try await written.account.put(ignored) { [isDry] transaction, outcome in
      if !taken.isEmpty {
        let query =
          isDry
          ? AttendanceStore.fresh(taken, in: tenant) : AttendanceStore.record(taken, of: id, by: user, at: now, look: look, in: tenant)
        let count = try await transaction.first(query) ?? 0
        outcome.counts.taken += Int32(clamping: count)
        outcome.counts.known += Int32(clamping: taken.count - count)
      }
      return []
    }
    return written
  }

  private func end(_ state: OrderBatchStore.State, _ written: Written, _ ignored: [String]) async throws {
    let tenant = try call.office.tenant
    var statements = [
      written.account.closing(state, ignored),
      try call.note(
        isDry ? "attendance.try" : "attendance.import", "order-batch", "\(written.account.id)", ["state": .string(state.rawValue)],
        id: services.identities.next(at: call.now)),
    ]
    let isLook = !isDry && !written.known.isEmpty
    if isLook {
      // What the timer has read of them by then may be judged.
      let now = services.clock()
      statements.append(AttendanceStore.look(at: written.known.keys.map { ($0, now) }, from: now, in: tenant))
    }
    _ = try await services.lanes.rows(statements, in: .tenant(tenant.number), .write)
    if isLook { services.attendanceDue() }
  }
}
