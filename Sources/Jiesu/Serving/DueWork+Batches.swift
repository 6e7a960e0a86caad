// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Postgres
import Store

extension DueWork {
  /// Files of work orders whose server was killed, or whose sender rests, are said to be cut.
  static func batches(_ identities: Identities) -> DueWork {
    DueWork(name: "batches", due: { OrderBatchStore.silentTenants(at: $0) }) { tenant, now, transaction in
      let cut = try await transaction.query(OrderBatchStore.cutSilent(at: now, in: tenant))
      let notes = cut.map { batch in
        AuditStore.add(
          id: identities.next(at: now), at: now, actor: nil, side: "system", action: "order-batch.cut", subjectKind: "order-batch",
          subject: "\(batch)", request: nil, in: tenant)
      }
      if !notes.isEmpty { _ = try await transaction.rows(notes) }
      return cut.count
    }
  }
}
