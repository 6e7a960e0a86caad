// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// What was frozen when a statement was confirmed: its bytes, and whether they can be made again.
enum SettlementRecordRoutes {
  static func all(_ services: Services) -> [Route] { [snapshot(services), replay(services)] }

  private static func snapshot(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/snapshot", .tenant(.settlementRead),
      Operation(
        "getSettlementSnapshot",
        Text(zh: "确认时冻结的快照原文，摘要即其 SHA-256", en: "What was frozen at confirmation, byte for byte; its digest is theirs"),
        answer: { StatementSnapshot.shape.schema(collecting: &$0) }, failures: [409])
    ) { call in
      let name = try SettlementRoutes.name(call)
      guard let stored = try await services.lanes.first(SnapshotStore.one(name), in: .tenant(name.tenant.number)) else {
        throw Problem.notFound
      }
      guard stored.isIntact else { throw Problem.snapshotDamaged(name) }
      return Response.json(stored.bytes)
    }
  }

  private static func replay(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/replay", .tenant(.settlementRead),
      Operation(
        "replaySettlement",
        Text(zh: "由所依据的事实与文本重算已确认的结算单，并比对摘要", en: "Settle a confirmed statement again from what it rests on, and compare the digests"),
        answer: Listing.named(["contract", "payment", "equal", "sha256", "recomputed", "findings"]), failures: [409])
    ) { call in
      let name = try SettlementRoutes.name(call)
      let replay = try await services.lanes.transaction(in: .tenant(name.tenant.number), .snapshot) { transaction in
        guard let stored = try await transaction.first(SnapshotStore.one(name)) else { return SettlementReplay?.none }
        return try await SettlementReplay.run(stored, as: name, by: transaction)
      }
      guard let replay else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 512)
      replay.write(of: name.contract, to: &writer)
      return Response.json(writer.bytes)
    }
  }
}
