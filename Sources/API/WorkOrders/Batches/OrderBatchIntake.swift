// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import HTTP
import Postgres
import Store

/// Takes a file of work orders in while it comes: some hundred lines at a time, each time in one transaction with the account of the file.
///
/// A source's number is taken in once, so a file that was cut off is simply sent again: what came through is known by then.
package struct OrderBatchIntake {
  /// How many lines go into one transaction.
  private static let lines = 500

  /// Who takes a file in, and where.
  package struct Receiver: Sendable {
    package let tenant: TenantID
    let user: UUIDv7
    let side: OrderSide
    /// The request that it comes with; nil for a command.
    let request: String?
    /// What the office's log says beside.
    let data: JSONObject

    package init(user: UUIDv7, side: OrderSide, request: String?, data: JSONObject = [:], in tenant: TenantID) {
      (self.tenant, self.user, self.side, self.request, self.data) = (tenant, user, side, request, data)
    }
  }

  /// What a file is taken in with.
  package struct Tools: Sendable {
    let lanes: Lanes
    let citizens: CitizenKeys
    let clocks: ClockKeeper
    let identities: Identities
    let clock: @Sendable () -> Instant

    package init(
      lanes: Lanes, citizens: CitizenKeys, clocks: ClockKeeper, identities: Identities, clock: @escaping @Sendable () -> Instant
    ) {
      (self.lanes, self.citizens, self.clocks, self.identities, self.clock) = (lanes, citizens, clocks, identities, clock)
    }
  }

  let receiver: Receiver
  let tools: Tools
  let terms: OrderBatchTerms
  /// When it began; all its orders were received then.
  let now: Instant
  /// By which its account is found.
  package let id: UUIDv7

  package init(by receiver: Receiver, with tools: Tools, _ terms: OrderBatchTerms, at now: Instant) {
    (self.receiver, self.tools, self.terms, self.now) = (receiver, tools, terms, now)
    id = tools.identities.next(at: now)
  }

  /// One line whose citizen is sealed and whose words are masked.
  private struct Line: Sendable {
    let number: Int
    let prepared: OrderIntakeDesk.Prepared

    var key: String { "\(prepared.facts.source.rawValue)/\(prepared.facts.externalNumber)" }
  }

  /// Takes the file in, up to its end or to where it is cut off.
  ///
  /// - Throws: 422 for headings that no order can be read by, and what cut it off; what came before is taken in.
  package func take(_ content: RequestContent) async throws {
    let tenant = receiver.tenant
    let ring = try await tools.citizens.ring(of: tenant, on: tools.lanes, at: now)
    let communities = Communities(try await tools.lanes.query(DepartmentStore.communities(in: tenant), in: .tenant(tenant.number)))
    let desk = OrderIntakeDesk(ring: ring, tenant: tenant, communities: communities, now: now)
    let begin = OrderBatchStore.begin(
      id, terms.options.format, of: .orders, map: terms.map, isDry: terms.isDry, by: receiver.user, at: now, in: tenant)
    _ = try await tools.lanes.rows(begin, in: .tenant(tenant.number), .write)
    let decoder = FileDecoder(terms.encoding)
    var file = OrderFile(terms.options) { decoder.text($0) }
    var waiting: [Line] = []
    var callers: Set<[UInt8]> = []
    var account = FileAccount(id, in: tenant, on: tools.lanes, clock: tools.clock, at: now)
    do {
      while true {
        let piece = try await content.next()
        let read: [OrderFile.Line]
        if let piece { read = try file.take(piece) } else { read = try file.finish() }
        for line in read {
          switch line.intake {
          case .failure(let faults): account.outcome.refuse(line.number, faults.list, heading: file.headings.heading)
          case .success(let intake):
            let next = Line(number: line.number, prepared: try desk.prepare(intake))
            // Whoever calls twice in one file repeats an order that must be there by then.
            let caller = next.prepared.phoneCode
            if waiting.count == Self.lines || caller.map(callers.contains) ?? false {
              try await take(waiting, desk, &account, file.headings)
              waiting = []
              callers = []
            }
            waiting.append(next)
            if let caller { callers.insert(caller) }
          }
          if account.outcome.counts.refused >= Self.lines { try await take([], desk, &account, file.headings) }
        }
        if piece == nil { break }
        try await account.pulse(file.headings.ignored)
      }
      try await take(waiting, desk, &account, file.headings)
      try await end(.finished, account, file.headings)
    } catch {
      _ = try? await end(.cut, account, file.headings)
      throw error
    }
  }

  // MARK: Some lines

  /// Takes some lines in, with the faults found before them.
  private func take(
    _ lines: [Line], _ desk: OrderIntakeDesk, _ account: inout FileAccount, _ headings: OrderFile.Headings
  ) async throws {
    guard !lines.isEmpty || account.outcome.counts.read > 0 else { return }
    let actor = OrderActor(user: receiver.user, side: receiver.side)
    try await account.put(headings.ignored, knownBy: OrderIntakeStore.constraint) { transaction, outcome in
      let new = try await judge(lines, desk, actor, headings, by: transaction, &outcome)
      guard !new.isEmpty, !terms.isDry else { return [] }
      return [OrderBatchStore.add(new, at: now, by: receiver.user, side: actor.side, in: receiver.tenant)]
        + (try await tools.clocks.statements(
          forIntake: new.map { ClockKeeper.Step($0.entry, from: nil, to: $0.order) }, in: receiver.tenant, on: tools.lanes))
    }
  }

  /// The orders that lines come to; those that are known or refused are counted.
  private func judge(
    _ lines: [Line], _ desk: OrderIntakeDesk, _ actor: OrderActor, _ headings: OrderFile.Headings, by transaction: Transaction,
    _ outcome: inout FileAccount.Outcome
  ) async throws -> [OrderBatchStore.New] {
    guard !lines.isEmpty else { return [] }
    var codes: [String: [UInt8]] = [:]
    for known in try await transaction.query(OrderBatchStore.known(lines.map(\.prepared.facts), in: desk.tenant)) {
      codes[lines[known.place].key] = known.intakeCode
    }
    var open: [Line] = []
    for line in lines {
      if let code = codes[line.key] {
        if code == line.prepared.code {
          outcome.counts.known += 1
        } else {
          outcome.refuse(line.number, [Self.differs(line.prepared.facts)], heading: headings.heading)
        }
      } else {
        codes[line.key] = line.prepared.code
        open.append(line)
      }
    }
    guard !open.isEmpty else { return [] }
    let prospects = try await transaction.query(desk.prospects(open.map(\.prepared)))
    var new: [OrderBatchStore.New] = []
    for (line, prospect) in zip(open, prospects) {
      do {
        let taken = try desk.take(line.prepared, prospect, id: tools.identities.next(at: now), by: actor)
        new.append(
          .init(order: taken.order, entry: taken.entry, content: taken.content, event: tools.identities.next(at: now)))
      } catch let problem as Problem {
        outcome.refuse(line.number, problem.faults, heading: headings.heading)
      }
    }
    outcome.counts.taken += Int32(new.count)
    return new
  }

  private static func differs(_ facts: OrderFacts) -> Fault {
    Fault(
      pointer: "/externalNumber", code: "already-exists",
      detail: Text(
        zh: "来源 \(facts.source.rawValue) 的编号 \(facts.externalNumber) 已接收，内容不同。",
        en: "Number \(facts.externalNumber) of source \(facts.source.rawValue) is taken in already and says something else."))
  }

  // MARK: The end

  private func end(_ state: OrderBatchStore.State, _ account: FileAccount, _ headings: OrderFile.Headings) async throws {
    let tenant = receiver.tenant
    var data = receiver.data
    data["state"] = .string(state.rawValue)
    let note = AuditStore.add(
      id: tools.identities.next(at: now), at: now, actor: receiver.user, side: receiver.side.rawValue,
      action: terms.isDry ? "order-batch.try" : "order-batch.receive", subjectKind: "order-batch", subject: "\(id)",
      request: receiver.request, data: .object(data), in: tenant)
    _ = try await tools.lanes.rows([account.closing(state, headings.ignored), note], in: .tenant(tenant.number), .write)
  }
}
