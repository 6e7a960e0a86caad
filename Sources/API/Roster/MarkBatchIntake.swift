// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Takes a file of clock marks in while it comes: some thousand lines at a time.
///
/// A mark that is there already is the same mark, so a file that was cut off is simply sent again.
struct MarkBatchIntake {
  /// How many lines go into one transaction.
  private static let lines = 5_000
  /// When the timer judges the shifts of a file that does not end, after each of its blocks.
  private static let patience = Instant.minute

  let call: Call
  let services: Services
  let isDry: Bool
  let headings: [String: MarkColumn]
  let encoding: FileEncoding

  func perform() async throws -> UUIDv7 {
    let tenant = try call.office.tenant
    let context = Context.tenant(tenant.number)
    let (id, user) = (services.identities.next(at: call.now), try call.principal.user)
    let begin = OrderBatchStore.begin(id, .csv, of: .marks, map: nil, isDry: isDry, by: user, at: call.now, in: tenant)
    _ = try await services.lanes.rows(begin, in: context, .write)
    let decoder = FileDecoder(encoding)
    var file = MarkFile(headings) { decoder.text($0) }
    var account = FileAccount(id, in: tenant, on: services.lanes, clock: services.clock, at: call.now)
    var people = People()
    var waiting: [(line: Int, mark: RecordedMark)] = []
    do {
      let content = call.request.content
      while true {
        let piece = try await content.next()
        let read: [MarkFile.Line]
        if let piece { read = try file.take(piece) } else { read = try file.finish() }
        for line in read {
          switch line.mark {
          case .failure(let faults): account.outcome.refuse(line.number, faults.list)
          case .success(let mark): waiting.append((line.number, mark))
          }
          if waiting.count == Self.lines || account.outcome.counts.refused >= Self.lines {
            try await take(waiting, &account, &people, file.ignored)
            waiting = []
          }
        }
        if piece == nil { break }
        try await account.pulse(file.ignored)
      }
      if !waiting.isEmpty || account.outcome.counts.read > 0 { try await take(waiting, &account, &people, file.ignored) }
      try await end(.finished, account, people, file.ignored)
    } catch {
      _ = try? await end(.cut, account, people, file.ignored)
      throw error
    }
    return id
  }

  /// Those whom the file has named so far.
  private struct People {
    var known: Set<String> = []
    var unknown: Set<String> = []
  }

  private func take(
    _ lines: [(line: Int, mark: RecordedMark)], _ account: inout FileAccount, _ people: inout People, _ ignored: [String]
  ) async throws {
    let (tenant, user, now) = (try call.office.tenant, try call.principal.user, call.now)
    let new = Set(lines.map(\.mark.person)).subtracting(people.known).subtracting(people.unknown)
    if !new.isEmpty {
      let found = try await services.lanes.query(
        AttendanceStore.people(Array(new), of: call.vendor, in: tenant), in: .tenant(tenant.number))
      people.known.formUnion(found)
      people.unknown.formUnion(new.subtracting(found))
    }
    var marks: [RecordedMark] = []
    marks.reserveCapacity(lines.count)
    for (line, mark) in lines {
      if let fault = AttendanceBody.fault(mark, known: people.known, at: now) {
        account.outcome.refuse(line, [fault])
      } else {
        marks.append(mark)
      }
    }
    let (taken, id, look) = (marks, account.id, try now.adding(microseconds: Self.patience))
    try await account.put(ignored) { [isDry] transaction, outcome in
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
  }

  private func end(_ state: OrderBatchStore.State, _ account: FileAccount, _ people: People, _ ignored: [String]) async throws {
    let tenant = try call.office.tenant
    var statements = [
      account.closing(state, ignored),
      try call.note(
        isDry ? "attendance.try" : "attendance.import", "order-batch", "\(account.id)", ["state": .string(state.rawValue)],
        id: services.identities.next(at: call.now)),
    ]
    if !isDry, !people.known.isEmpty {
      // What the timer has read of them by then may be judged.
      let now = services.clock()
      statements.append(AttendanceStore.look(at: people.known.map { ($0, now) }, from: now, in: tenant))
    }
    _ = try await services.lanes.rows(statements, in: .tenant(tenant.number), .write)
  }
}
