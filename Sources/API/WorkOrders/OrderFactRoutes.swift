// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The steps of a work order that ask for more than the order's row: verification, dispatch, edits, links.
enum OrderFactRoutes {
  static func all(_ services: Services) -> [Route] { [verify(services), dispatch(services), edit(services), link(services)] }

  private static func route<Body: Sendable>(
    _ step: OrderStep, _ id: String, _ shape: Shape<Body>,
    handle: @escaping @Sendable (Call, Body) async throws -> Response
  ) -> Route {
    Route(
      .post, .step(step), .tenant(step.permission), body: shape,
      Operation(
        id, Text(zh: "工单：\(step.title.zh)", en: "A work order's step: \(step.title.en)"), answer: OrderStepping.receipt,
        failures: [409, 422], entityTag: .required), handle: handle)
  }

  // MARK: Verification

  private struct Verification: Sendable {
    let found: OrderMove.Verification
    let content: String?
    let address: String?
  }

  private static let verification: Shape<Verification> = .object(
    "orderVerification",
    about: Text(
      zh: "与诉求人核实的社区、内容、地址；已登记的内容、地址可略去。",
      en: "Community, content and address as verified with the citizen; what is on record already may be left out."),
    OrderMove.verificationMembers, Field(optional: "content", .string(minLength: 1, maxLength: 20_000)),
    Field(optional: "address", .string(minLength: 1, maxLength: 300))
  ) { Verification(found: $0, content: $1, address: $2) }

  private static func verify(_ services: Services) -> Route {
    route(.verified, "verifyWorkOrder", verification) { call, body in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let read = OrderContentStore.one(id, in: tenant)
      let communities = DepartmentStore.communities(in: tenant)
      let asked = [read.statement, communities.statement]
      return try await OrderStepping(call: call, services: services).take(.verified, asking: asked) { order, answers in
        guard let known = try answers[0].decoded(by: read).first else { throw Problem.notFound }
        let all = Communities(try answers[1].decoded(by: communities))
        var (found, faults) = (body.found, [Fault]())
        if let code = all.code(of: found.community) { found.community = code } else { faults.append(all.unknown(found.community)) }
        if body.content == nil, known.content.isEmpty { faults.append(.missing("content")) }
        if body.address == nil, known.masked.address == nil { faults.append(.missing("address")) }
        guard faults.isEmpty else { throw Problem(Faults(faults)) }
        guard body.content != nil || body.address != nil else { return (.verified(found), []) }
        let change = try await services.content(of: order.id, known, call)
        var citizen = change.citizen
        if let address = body.address { citizen.address = address }
        var content = known.content
        if let text = body.content {
          content = MaskedCitizen.text(text, of: citizen)
          citizen.content = content == text ? nil : text
        }
        return (
          .verified(found),
          [try OrderContentStore.put(id, version: known.version, content: content, citizen: citizen, ring: change.ring, in: tenant)]
        )
      }
    }
  }

  // MARK: Dispatch

  private struct Dispatch: Sendable {
    let department: String?
    let remark: String?
  }

  private static let dispatchShape: Shape<Dispatch> = .object(
    "orderDispatch", about: Text(zh: "派给承办单位；略去时由本单位的派单表决定。", en: "To a department; left out, the office's dispatch table decides."),
    Field(optional: "department", .code), Field(optional: "remark", .string(minLength: 1, maxLength: 4000))
  ) { Dispatch(department: $0, remark: $1) }

  private static func dispatch(_ services: Services) -> Route {
    route(.dispatched, "dispatchWorkOrder", dispatchShape) { call, body in
      let tenant = try call.office.tenant
      let stepping = OrderStepping(call: call, services: services)
      if let department = body.department {
        return try await stepping.take(.dispatched, asking: [OrderStore.department(department, in: tenant)]) { _, answers in
          guard !answers[0].isEmpty else { throw Problem.unknownDepartment(department) }
          return (.dispatched(.init(department: department, remark: body.remark)), [])
        }
      }
      let read = OrderContentStore.one(try call.identifier(1), in: tenant)
      return try await stepping.take(.dispatched, asking: [read.statement]) { order, answers in
        let content = try answers[0].decoded(by: read).first?.content ?? ""
        let decide = DecisionStore.decisions(
          [.dispatch], on: [JSON.object(order.document(content: content, repeatCount: 0).object ?? [:]).octets], day: call.now.date,
          in: tenant)
        let decisions = try await services.lanes.first(decide, in: .tenant(tenant.number)) ?? .none
        guard let department = decisions.text(.dispatch) else {
          throw Problem(Faults([.missing("department")]))
        }
        return (.dispatched(.init(department: department, remark: body.remark, decisions: decisions)), [])
      }
    }
  }

  // MARK: Edits and links

  private struct Edit: Sendable {
    let edit: OrderEdit
    let content: String?
  }

  private static let editShape: Shape<Edit> = Shape<Edit>.object(
    "orderEdit", about: Text(zh: "只写要改的成员。", en: "Only the members that change."), OrderMove.editMembers,
    Field(optional: "content", .string(minLength: 1, maxLength: 20_000))
  ) { Edit(edit: $0, content: $1) }.refine { edit in
    edit.edit.isEmpty && edit.content == nil
      ? Fault(code: "missing-member", detail: Text(zh: "没有要修改的内容。", en: "Nothing to change is named.")) : nil
  }

  private static func edit(_ services: Services) -> Route {
    route(.edited, "editWorkOrder", editShape) { call, body in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let read = OrderContentStore.one(id, in: tenant)
      let communities = DepartmentStore.communities(in: tenant)
      var statements = [read.statement, communities.statement]
      if let grade = body.edit.grade { statements.append(OrderStore.grade(grade, on: call.now.date)) }
      return try await OrderStepping(call: call, services: services).take(.edited, asking: statements) { order, answers in
        if let grade = body.edit.grade, answers[2].isEmpty { throw Problem(Faults([Problem.unknownGrade(grade)])) }
        var edit = body.edit
        if let community = edit.community {
          let all = Communities(try answers[1].decoded(by: communities))
          guard let code = all.code(of: community) else { throw Problem(Faults([all.unknown(community)])) }
          edit.community = code
        }
        guard let text = body.content else { return (.edited(edit), []) }
        guard let known = try answers[0].decoded(by: read).first else { throw Problem.notFound }
        let change = try await services.content(of: order.id, known, call)
        var citizen = change.citizen
        let content = MaskedCitizen.text(text, of: citizen)
        citizen.content = content == text ? nil : text
        return (
          .edited(edit),
          [try OrderContentStore.put(id, version: known.version, content: content, citizen: citizen, ring: change.ring, in: tenant)]
        )
      }
    }
  }

  private static func link(_ services: Services) -> Route {
    route(.linked, "linkWorkOrder", OrderMove.link) { call, link in
      let earlier = OrderStore.one(link.repeats, try call.orderScope, in: try call.office.tenant)
      return try await OrderStepping(call: call, services: services).take(.linked, asking: [earlier]) { order, answers in
        guard !answers[0].isEmpty, link.repeats != order.id else {
          throw Problem(
            Faults([
              Fault(
                pointer: "/repeats", code: "unknown-reference",
                detail: Text(zh: "没有另一张这样的工单。", en: "There is no other order of that id."))
            ]))
        }
        return (.linked(link), [])
      }
    }
  }
}

extension Services {
  /// Who asks in an order, in clear; nobody where nothing is known of them.
  func citizen(of order: UUIDv7, _ call: Call) async throws -> Citizen {
    let tenant = try call.office.tenant
    guard let known = try await lanes.first(OrderContentStore.one(order, in: tenant), in: .tenant(tenant.number)) else { return Citizen() }
    return try await content(of: order, known, call).citizen
  }

  /// What an order's content is changed from: its citizen in clear, and the keys to seal them again.
  func content(of order: UUIDv7, _ known: OrderContentStore.Content, _ call: Call) async throws -> (citizen: Citizen, ring: KeyRing) {
    let ring = try await citizens.ring(of: try call.office.tenant, opening: known.sealed?.key, on: lanes, at: call.now)
    guard let sealed = known.sealed else { return (Citizen(), ring) }
    return (try ring.open(sealed.bytes, with: sealed.key, of: order), ring)
  }
}

extension Fault {
  static func missing(_ member: String) -> Fault {
    Fault(pointer: "/\(member)", code: "missing-member", detail: Text(zh: "缺少成员“\(member)”。", en: "The member “\(member)” is missing."))
  }
}

extension JSON {
  /// The value as JSON text.
  var octets: [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.value(self)
    return writer.bytes
  }
}
