// SPDX-License-Identifier: Apache-2.0
import Base

extension TenantPlan {
  /// The plan for machines.
  package var json: JSON {
    [
      "tenant": .string(code), "new": .bool(isNew),
      "changes": .array(
        entries.map {
          [
            "action": .string($0.action.rawValue), "kind": .string($0.kind.rawValue), "name": .string($0.name),
            "detail": $0.detail?.json ?? .null,
          ]
        }),
      "unchanged": .object(JSONObject(unchanged.map { .init(name: $0.kind.rawValue, value: .integer($0.count)) })),
      "refusals": .array(
        refusals.map {
          [
            "file": .string($0.file), "pointer": .string($0.fault.pointer), "code": .string($0.fault.code), "detail": $0.fault.detail.json,
          ]
        }),
      "lint": .array(lint.map(\.json)),
    ]
  }
}
