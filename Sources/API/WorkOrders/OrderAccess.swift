// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

extension Call {
  /// The orders that the caller may see.
  ///
  /// - Throws: 403 for somebody who may see orders of a department and has none.
  var orderScope: OrderScope {
    get throws {
      let membership = try office.membership
      if membership.may(.orderReadAll, scopes: nil, at: now) { return .office }
      guard let department = membership.department else { throw Problem.forbidden(Permission.orderReadAll.rawValue) }
      return .department(department)
    }
  }

  /// Who takes a step.
  ///
  /// - Throws: 403 for who is of neither side.
  var orderActor: OrderActor {
    get throws {
      guard let side = OrderSide(rawValue: try office.membership.side.rawValue) else { throw Problem.forbidden("order") }
      return OrderActor(user: try principal.user, side: side)
    }
  }
}

extension Services {
  /// The order that a call's path names, as the caller may see it.
  ///
  /// - Parameter statements: asked in the same transaction.
  /// - Throws: 404 where there is none, or none for the caller.
  func order(of call: Call, asking statements: [Statement] = []) async throws -> (order: WorkOrder, answers: [Rows]) {
    let tenant = try call.office.tenant
    let read = OrderStore.one(try call.identifier(1), try call.orderScope, in: tenant)
    let context = Context.tenant(tenant.number)
    guard !statements.isEmpty else {
      guard let row = try await lanes.rows(read, in: context).first else { throw Problem.notFound }
      return (try OrderStore.order(row), [])
    }
    let rows = try await lanes.rows([read] + statements, in: context, .read)
    guard let row = rows[0].first else { throw Problem.notFound }
    return (try OrderStore.order(row), Array(rows.dropFirst()))
  }

  /// What the office asks for at the steps of an order: the checks of the contract under which it is worked on, as of the day it came in.
  func rules(for order: WorkOrder, of call: Call) async throws -> OrderRules {
    guard let name = order.contract, let (contract, _) = try await dossiers.contract(of: name, in: call.office.tenant, on: lanes) else {
      return OrderRules()
    }
    let levels = contract.inForce(on: order.times.received.date).service.levels
    // Some checks are for some orders only.
    let predicated = levels.filter { level in
      if case .check = level.standard { level.when != nil || level.unless != nil } else { false }
    }
    guard !predicated.isEmpty else { return OrderRules(levels) }
    let tenant = try call.office.tenant
    let held = try await lanes.query(
      ClockStore.holds(predicated.map { ($0.when, $0.unless) }, for: order.predicateDocument), in: .tenant(tenant.number))
    let spared = zip(predicated, held).filter { !$0.1 }.map(\.0.id)
    return OrderRules(levels.filter { !spared.contains($0.id) })
  }
}
