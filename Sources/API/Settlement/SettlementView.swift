// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

/// A payment's statement as it is shown: computed while it is open, as it was frozen once it is confirmed, with its life either way.
struct SettlementView {
  let name: SettlementStore.Name
  let dossier: Dossier
  let settlement: Settlement
  let life: SettlementLife
  let steps: [SettlementStore.Taken]
  /// What was confirmed by the day asked for.
  let frozen: SnapshotStore.Stored?

  /// Reads all of it.
  ///
  /// - Parameter day: the statement is as known on that day.
  /// - Throws: 404 where the office has no such contract.
  static func read(_ name: SettlementStore.Name, asOf day: CivilDate, _ call: Call, _ services: Services) async throws -> SettlementView {
    for _ in 1...4 {
      let dossier = try await services.dossier(of: name.contract, for: call)
      let (life, steps, stored) = (SettlementStore.life(of: name), SettlementStore.steps(of: name), SnapshotStore.one(name))
      let results = try await services.lanes.rows(
        [life.statement, steps.statement, stored.statement], in: .tenant(name.tenant.number), .read)
      let frozen = try results[2].decoded(by: stored).first
      // It was confirmed between the two readings: now both know it.
      guard frozen == nil || dossier.confirmed.contains(where: { $0.payment == name.payment }) else { continue }
      let settlement = try dossier.settlement(asOf: day)
      return SettlementView(
        name: name, dossier: dossier, settlement: settlement, life: try results[0].decoded(by: life).first ?? .draft,
        steps: try results[1].decoded(by: steps), frozen: settlement.isConfirmed(name.payment) ? frozen : nil)
    }
    // Confirmed and yet not among what is confirmed: what later statements build on is damaged.
    throw Problem.snapshotDamaged(name)
  }

  /// The statement itself.
  ///
  /// - Throws: 404 where the contract foresees no such payment, 409 where what was confirmed is damaged.
  func statement() throws -> JSONObject {
    guard let frozen else { return try settlement.statement(of: name.payment).json.object ?? JSONObject() }
    guard frozen.isIntact, let json = try? JSON.parse(frozen.bytes), let statement = json["statement"]?.object else {
      throw Problem.snapshotDamaged(name)
    }
    return statement
  }

  /// The statement, its life, and for a confirmed one how it was frozen and what has become of it since.
  func json() throws -> JSON {
    var view = try statement()
    view["life"] = lifeJSON
    guard let frozen else { return .object(view) }
    view["snapshot"] = [
      "sha256": .string(Hex.encode(frozen.checksum)), "confirmedAt": .string("\(frozen.confirmed)"), "place": .integer(frozen.place),
    ]
    let open = try settlement.open()
    if let standing = open.standing.first(where: { $0.payment.id == name.payment }) { view["now"] = standing.json }
    view["corrections"] = .array(open.corrections(of: name.payment))
    return .object(view)
  }

  var lifeJSON: JSON {
    var json: JSONObject = [
      "state": .string(life.state.rawValue), "stage": .string(stage), "version": .integer(life.version),
      "confirmations": .integer(life.confirmations),
    ]
    if let proposal = life.proposal {
      json["asOf"] = .string("\(proposal.asOf)")
      json["proposedBy"] = .string("\(proposal.by)")
    }
    json["steps"] = .array(steps.map(\.json))
    return .object(json)
  }

  /// How far it has come in all: once acknowledged, also how far its money has.
  private var stage: String {
    guard life.state == .acknowledged, let statement = dossier.confirmed.first(where: { $0.payment == name.payment }) else {
      return life.state.rawValue
    }
    let progress = PaymentProgress(payable: statement.payable, of: name.payment, dossier.facts)
    return progress == .open ? life.state.rawValue : progress.rawValue
  }
}

extension SettlementStore.Taken {
  var json: JSON {
    [
      "step": .string(step.rawValue), "version": .integer(version), "at": .string("\(at)"), "by": .string("\(actor)"),
      "name": .string(name), "side": .string(side.rawValue), "note": note.map { .string($0) } ?? .null,
    ]
  }
}

extension Settlement.Standing {
  /// What changes of a confirmed statement without changing it: when it is due, what was paid.
  var json: JSON {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.key("due")
    due.write(to: &writer)
    writer.key("paid")
    writer.fen(paid)
    writer.key("unpaid")
    writer.fen(unpaid)
    writer.endObject()
    return (try? JSON.parse(writer.bytes)) ?? .null
  }
}

extension Settlement.Open {
  /// What corrects a confirmed statement and is not confirmed itself: each line, and the payment whose statement takes it in, if one does.
  func corrections(of payment: String) -> [JSON] {
    let taken = statements.flatMap { statement in
      (statement.lines + statement.claims).map { (line: $0, by: JSON.string(statement.payment.id)) }
    }
    let left = corrections.map { (line: $0, by: JSON.null) }
    return (taken + left).filter { $0.line.correction?.payment == payment }.map { line, by in ["takenInBy": by, "line": line.json] }
  }
}

extension Line {
  fileprivate var json: JSON {
    var writer = JSONWriter(capacity: 1024)
    write(to: &writer)
    return (try? JSON.parse(writer.bytes)) ?? .null
  }
}
