// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// The people of an office who take the steps of a demonstration's orders, each what their roles allow.
struct DemoCast: Sendable {
  struct Member: Sendable {
    let actor: OrderActor
    /// The unit whose orders they see; nil for those who see all.
    let department: String?
  }

  let seats: [Member]
  let approvers: [Member]
  let auditors: [Member]
  let deciders: [Member]
  let hangers: [Member]
  let handlers: [Member]

  init(_ grants: [MembershipStore.Grant], _ roles: [RoleTemplate]) {
    var people: [UUIDv7: (side: Side, permissions: PermissionSet, department: String?)] = [:]
    for grant in grants.sorted(by: { $0.id < $1.id }) {
      guard let role = roles.first(where: { $0.code == grant.role }) else { continue }
      var known = people[grant.user] ?? (role.side, PermissionSet(), grant.department)
      known.permissions.formUnion(PermissionSet(role.permissions))
      people[grant.user] = known
    }
    // By login: the same for the same people whatever their identifiers.
    let logins = Dictionary(grants.map { ($0.user, $0.login) }) { first, _ in first }
    let sorted = people.sorted { logins[$0.key] ?? "" < logins[$1.key] ?? "" }
    func members(_ permission: Permission, _ side: Side?) -> [Member] {
      sorted.filter { $0.value.permissions.contains(permission) && (side == nil || $0.value.side == side) }.map { user, known in
        Member(
          actor: OrderActor(user: user, side: known.side == .vendor ? .vendor : .office),
          department: known.permissions.contains(.orderReadAll) ? nil : known.department)
      }
    }
    let vendors = members(.orderSign, .vendor)
    seats = vendors.isEmpty ? members(.orderSign, nil) : vendors
    approvers = members(.orderApprove, .office)
    auditors = members(.orderAudit, .office)
    deciders = members(.orderDecide, .office)
    hangers = members(.orderHang, .office)
    handlers = members(.orderHandle, .office)
  }

  /// Who acts where nobody is there to act.
  static let nobody = OrderActor(user: nil, side: .system)
}
