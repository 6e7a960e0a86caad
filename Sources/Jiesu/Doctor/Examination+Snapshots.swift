// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Examination {
  /// Every confirmed statement is stored with the bytes it was confirmed with, and leaves to later ones what it says.
  ///
  /// - Returns: the check's result, with the contract and the period of what is damaged.
  func snapshots(of tenants: [TenantStore.Tenant]) async throws -> Result {
    var result = Result(code: "snapshots", title: Text(zh: "已确认结算单的快照", en: "snapshots of confirmed statements"))
    var count = 0
    for tenant in tenants {
      let names = try await session.read(in: .tenant(tenant.id.number)) { try await $0.query(SnapshotStore.names(in: tenant.id)) }
      for name in names {
        // One at a time: each holds all the facts it was computed from.
        let stored = try await session.read(in: .tenant(tenant.id.number)) { try await $0.first(SnapshotStore.one(name)) }
        guard let stored else { continue }
        count += 1
        let place = "\(tenant.code) contract \(name.contract) period \(name.payment)"
        if !stored.isIntact {
          result.findings.append(
            Text(zh: "\(place)：快照的内容与确认时的摘要不符", en: "\(place): the snapshot's bytes are not what its digest says"))
        } else if !stored.figuresAgree {
          result.findings.append(
            Text(zh: "\(place)：后续各期所依据的数额与快照不符", en: "\(place): what later periods build on is not what the snapshot says"))
        }
      }
    }
    result.note = "\(count)"
    return result
  }
}
