// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import HTTP
import Postgres
import Store

/// A step on its way: the order as it is stored, judged, moved, and written with the entry that says so.
struct OrderStepping: Sendable {
  let call: Call
  let services: Services

  /// How often a step is judged by the time again when a clock was told meanwhile.
  private static let attempts = 5

  /// Takes a step, one read and one write; of an order that this process wrote last, the write alone.
  ///
  /// - Parameters:
  ///   - step: which; what it needs of the contract is asked for.
  ///   - statements: asked with the order.
  ///   - make: the move, and what else is written with it, from the order as it stands.
  /// - Throws: 404, 412, 428, 409 with what is possible instead, 403 for one's own deed.
  func take(
    _ step: OrderStep, asking statements: [Statement] = [],
    _ make: (WorkOrder, [Rows]) async throws -> (move: OrderMove, also: [Statement])
  ) async throws -> Response {
    do {
      return try await perform(step, asking: statements, make)
    } catch let problem as Problem {
      // A repeated request gets its answer also when things have moved on since, be it while this one was judged.
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      throw problem
    }
  }

  private func perform(
    _ step: OrderStep, asking statements: [Statement], _ make: (WorkOrder, [Rows]) async throws -> (move: OrderMove, also: [Statement])
  ) async throws -> Response {
    let tag = try EntityTag.required(by: call.request)
    let actor = try call.orderActor
    let (id, tenant) = (try call.identifier(1), try call.office.tenant)
    if statements.isEmpty, try call.orderScope == .office, let order = services.orders.order(id, version: tag.version, in: tenant) {
      do {
        return try await perform(step, by: actor, on: order, [], make)
      } catch is Problem {
        // Perhaps it is no longer so: the refusal is to be that of the order as it stands.
        services.orders.forget(id, in: tenant)
      }
    }
    let (stored, answers) = try await services.order(of: call, asking: statements)
    guard Int64(stored.version) == tag.version else { throw Problem.changedSince }
    return try await perform(step, by: actor, on: stored, answers, make)
  }

  private func perform(
    _ step: OrderStep, by actor: OrderActor, on stored: WorkOrder, _ answers: [Rows],
    _ make: (WorkOrder, [Rows]) async throws -> (move: OrderMove, also: [Statement])
  ) async throws -> Response {
    let rules = step == .closed || step == .archived ? try await services.rules(for: stored, of: call) : OrderRules()
    if let refusal = stored.refusal(of: step, under: rules) { throw Problem.refused(refusal, step, stored, under: rules) }
    let (made, also) = try await make(stored, answers)
    // What people write may name the citizen.
    let move = made.hasWords ? made.masked(of: try await services.citizen(of: stored.id, call)) : made
    if let refusal = stored.refusal(of: move, by: actor, under: rules) { throw Problem.refused(refusal, step, stored, under: rules) }
    for attempt in 1...Self.attempts {
      // A step is taken when the request came, unless a clock was told as missed meanwhile: then it comes after that.
      let at = attempt == 1 ? call.now : max(call.now, services.clock())
      let entry = OrderEntry(seq: stored.version + 1, at: at, actor: actor.user, side: actor.side, move: move)
      do {
        return try await write(entry, of: stored, also)
      } catch let error as PostgresError {
        if OrderStore.hasMoved(error) { throw Problem.changedSince }
        guard error.state == .clockTold else { throw error }
      }
      // The clock of the server that told it may be a little ahead of this one's.
      try await services.lanes.loop.sleep(for: .milliseconds(20 * attempt))
    }
    throw Problem.overloaded
  }

  /// Writes an entry and all that follows from it in one transaction.
  private func write(_ entry: OrderEntry, of stored: WorkOrder, _ also: [Statement]) async throws -> Response {
    let tenant = try call.office.tenant
    var order = stored
    order.take(entry)
    let clocks = try await services.clocks.statements(
      for: entry, from: stored, to: order, in: tenant, on: services.lanes, identity: services.identities.next)
    // The entry is the note of the deed: who, when, what, written once.
    let move = OrderStore.move(from: stored, to: order, entry, event: services.identities.next(at: entry.at), in: tenant)
    let deed = Deed(
      statements: [move] + also + clocks,
      answer: Self.receipt(order))
    let response = try await deed.perform(for: call, on: services.lanes)
    // What was written earlier under the same key is not this.
    if !response.isReplayed { services.orders.keep(order, in: tenant) }
    return response
  }

  /// Where an order stands after a step.
  private static func receipt(_ order: WorkOrder) -> Response {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.key("id")
    writer.string("\(order.id)")
    writer.key("version")
    writer.integer(order.version)
    writer.key("stage")
    writer.string(order.stage.rawValue)
    writer.key("waits")
    writer.strings(order.waits.map(\.rawValue).sorted())
    writer.key("possible")
    writer.strings(order.possible(under: OrderRules()).compactMap(\.verb))
    writer.endObject()
    return .json(writer.bytes, version: Int64(order.version))
  }

  static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "version", "stage", "waits", "possible"],
      "properties": [
        "id": ["type": "string", "format": "uuid"], "version": ["type": "integer"], "stage": ["type": "string"],
        "waits": ["type": "array", "items": ["type": "string"]], "possible": ["type": "array", "items": ["type": "string"]],
      ],
    ]
  }
}
