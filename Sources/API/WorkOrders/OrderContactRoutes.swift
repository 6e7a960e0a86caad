// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// A citizen's data in clear: read with a reason that is noted before anything is told, and corrected.
enum OrderContactRoutes {
  static func all(_ services: Services) -> [Route] { [read(services), correct(services)] }

  private static func read(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/work-orders/{order}/contact", .tenant(.contactRead), body: OrderMove.reason,
      Operation(
        "readWorkOrderContact", Text(zh: "读取诉求人的明文联系方式；须说明理由，每次留痕", en: "Read who asks in clear, with a reason; every reading is noted"),
        answer: { _ in
          [
            "type": "object",
            "properties": [
              "name": ["type": ["string", "null"]], "phone": ["type": ["string", "null"]], "address": ["type": ["string", "null"]],
              "content": ["type": "string"],
            ],
          ]
        })
    ) { call, reason in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let read = OrderContentStore.one(id, in: tenant)
      let answers = try await services.order(of: call, asking: [read.statement]).answers
      guard let known = try answers[0].decoded(by: read).first else { throw Problem.notFound }
      let citizen = try await services.content(of: id, known, call).citizen
      // First the note, then the answer; an answer that is not stored, so no key is heeded.
      let note = try call.note(
        "contact.read", "work-order", "\(id)", ["reason": .string(MaskedCitizen.text(reason, of: citizen))],
        id: services.identities.next(at: call.now))
      _ = try await services.lanes.rows(note, in: .tenant(tenant.number), .write)
      var writer = JSONWriter(capacity: 512)
      writer.beginObject()
      writer.key("name")
      writer.optional(citizen.name)
      writer.key("phone")
      writer.optional(citizen.phone)
      writer.key("address")
      writer.optional(citizen.address)
      writer.key("content")
      writer.string(citizen.content ?? known.content)
      writer.endObject()
      return .json(writer.bytes)
    }
  }

  private struct Correction: Sendable {
    let citizen: Citizen
    let reason: String
  }

  private static let correction: Shape<Correction> = Shape<Correction>.object(
    "contactCorrection", about: Text(zh: "只写要更正的成员。", en: "Only the members that change."),
    Field("citizen", Citizen.shape), Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { Correction(citizen: $0, reason: $1) }.refine { correction in
    correction.citizen.isEmpty
      ? Fault(
        pointer: "/citizen", code: "missing-member", detail: Text(zh: "没有要更正的内容。", en: "Nothing to correct is named.")) : nil
  }

  private static func correct(_ services: Services) -> Route {
    Route(
      .post, .step(.contactCorrected), .tenant(.contactWrite), body: correction,
      Operation(
        "correctWorkOrderContact", Text(zh: "更正诉求人的姓名、电话或地址", en: "Correct who asks"), answer: OrderStepping.receipt,
        failures: [409], entityTag: .required)
    ) { call, body in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let read = OrderContentStore.one(id, in: tenant)
      return try await OrderStepping(call: call, services: services).take(.contactCorrected, asking: [read.statement]) { order, answers in
        guard let known = try answers[0].decoded(by: read).first else { throw Problem.notFound }
        let change = try await services.content(of: order.id, known, call)
        var citizen = change.citizen
        var members: [String] = []
        if let name = body.citizen.name {
          citizen.name = name
          members.append("name")
        }
        if let phone = body.citizen.phone {
          citizen.phone = phone
          members.append("phone")
        }
        if let address = body.citizen.address {
          citizen.address = address
          members.append("address")
        }
        let note = try call.note(
          "contact.correct", "work-order", "\(id)", ["members": .array(members.map { .string($0) })],
          id: services.identities.next(at: call.now))
        let text = citizen.content ?? known.content
        // What was wrong of them stands in the text as well.
        let content = MaskedCitizen.text(MaskedCitizen.text(text, of: change.citizen), of: citizen)
        citizen.content = content == text ? nil : text
        return (
          .contactCorrected(.init(members: members, reason: MaskedCitizen.text(body.reason, of: citizen))),
          [try OrderContentStore.put(id, version: known.version, content: content, citizen: citizen, ring: change.ring, in: tenant), note]
        )
      }
    }
  }
}
