// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What the sides of an office, or some of their people, are told that happened or waits for them.
enum NoticeRoutes {
  static func all(_ services: Services) -> [Route] { [list(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/notices", .tenant(.noticeRead),
      Operation(
        "listNotices",
        Text(
          zh: "告知本方或本人的事项（工单临期与超时、义务逾期、视同、待批的申请及其结果等），新的在前",
          en:
            "What your side or you were told, newest first: clocks of orders that run out or have, what was missed, what was deemed, requests that wait for you, what became of yours"
        ),
        query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["id", "at", "side", "kind", "contract", "subjectKind", "subject", "data"])))
    ) { call in
      let office = try call.office
      // An office's routes are walked by its people and the vendor's only.
      guard let side = Party(rawValue: office.membership.side.rawValue) else { throw Problem.notFound }
      let page = try Keyset(call.request.target.query)
      let membership = office.membership
      let scopes = try call.principal.scopes
      // Whoever is held to a department is told of its orders and those below it; one without a department, of none.
      let reader = NoticeStore.Reader(
        side: side, user: try call.principal.user, vendor: try call.vendor, contracts: membership.contracts,
        department: membership.may(.orderReadAll, scopes: nil, at: call.now) ? nil : membership.department ?? "",
        permissions: Permission.allCases.filter { membership.may($0, scopes: scopes, at: call.now) })
      let rows = try await services.lanes.rows(
        NoticeStore.page(to: reader, after: page.afterIdentifier(), limit: page.limit, in: office.tenant),
        in: .tenant(office.tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, NoticeStore.write)
    }
  }
}
