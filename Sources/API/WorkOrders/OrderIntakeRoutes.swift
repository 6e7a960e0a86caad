// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Takes work orders in, one by one; the same order taken in again is the same order.
enum OrderIntakeRoutes {
  static func all(_ services: Services) -> [Route] { [receive(services)] }

  private static func receive(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/work-orders", .tenant(.orderReceive), body: OrderIntake.shape,
      Operation(
        "receiveWorkOrder",
        Text(
          zh: "接收一张工单；同一来源的同一编号只收一次，再次提交相同内容得到同一张", en: "Take in a work order; a source's number once: the same again is the same order"),
        answer: { _ in OrderStore.schema }, status: 201, failures: [409, 422])
    ) { call, intake in
      let office = try call.office
      let context = Context.tenant(office.tenant.number)
      let ring = try await services.citizens.ring(of: office.tenant, on: services.lanes, at: call.now)
      let communities =
        intake.facts.community == nil ? [] : try await services.lanes.query(DepartmentStore.communities(in: office.tenant), in: context)
      let desk = OrderIntakeDesk(ring: ring, tenant: office.tenant, communities: Communities(communities), now: call.now)
      let prepared = try desk.prepare(intake)
      for _ in 1...2 {
        guard let prospect = try await services.lanes.first(desk.prospect(prepared), in: context) else { throw Problem.unexpected }
        if let known = prospect.known { return try await same(known, as: prepared, call, services) }
        let id = services.identities.next(at: call.now)
        let taken = try desk.take(prepared, prospect, id: id, by: call.orderActor)
        var answer = OrderRoutes.respond(taken.order, taken.content.content, taken.content.masked, status: .created)
        if let location = HeaderValue("/v1/tenants/\(office.code)/work-orders/\(id)") { answer.headers.append(.location, location) }
        let add = OrderIntakeStore.add(
          taken.order, taken.entry, taken.content, event: services.identities.next(at: call.now), in: office.tenant)
        let clocks = try await services.clocks.statements(
          for: taken.entry, from: nil, to: taken.order, in: office.tenant, on: services.lanes, identity: services.identities.next)
        do throws(PostgresError) {
          // An order's own number makes a repeated intake harmless, so it needs no key; its first entry is its note.
          _ = try await services.lanes.rows([add] + clocks, in: context, .write)
          return answer
        } catch {
          // Somebody took the same in meanwhile: it is known now.
          guard error.violatesUnique(OrderIntakeStore.constraint) else { throw error }
        }
      }
      throw Problem.overloaded
    }
  }

  /// The answer to an order that is known: itself where it is the same, a conflict where another stands under its number.
  private static func same(
    _ known: (id: UUIDv7, intakeCode: [UInt8]), as prepared: OrderIntakeDesk.Prepared, _ call: Call, _ services: Services
  ) async throws -> Response {
    let office = try call.office
    guard known.intakeCode == prepared.code else {
      throw Problem.conflict(
        "already-exists",
        Text(
          zh: "来源 \(prepared.facts.source.rawValue) 的编号 \(prepared.facts.externalNumber) 已接收为工单 \(known.id)，内容不同；请改用 edit 修改。",
          en:
            "Number \(prepared.facts.externalNumber) of source \(prepared.facts.source.rawValue) is order \(known.id) and says something else; change it with edit."
        ))
    }
    let read = OrderContentStore.one(known.id, in: office.tenant)
    let rows = try await services.lanes.rows(
      [OrderStore.one(known.id, .office, in: office.tenant), read.statement], in: .tenant(office.tenant.number), .read)
    guard let row = rows[0].first else { throw Problem.notFound }
    let content = try rows[1].decoded(by: read).first
    var response = OrderRoutes.respond(try OrderStore.order(row), content?.content ?? "", content?.masked, status: .ok)
    if let location = HeaderValue("/v1/tenants/\(office.code)/work-orders/\(known.id)") { response.headers.append(.location, location) }
    return response
  }
}
