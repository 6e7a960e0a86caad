// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What the sides of an office are told of things that nobody of them did.
enum NoticeRoutes {
  static func all(_ services: Services) -> [Route] { [list(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/notices", .tenant(.noticeRead),
      Operation(
        "listNotices",
        Text(zh: "告知本方的事项（逾期、视同等），新的在前", en: "What your side was told, newest first: what was missed, what was deemed"),
        query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["id", "at", "side", "kind", "contract", "subjectKind", "subject", "data"])))
    ) { call in
      let office = try call.office
      // An office's routes are walked by its people and the vendor's only.
      guard let side = Party(rawValue: office.membership.side.rawValue) else { throw Problem.notFound }
      let page = try Keyset(call.request.target.query)
      let rows = try await services.lanes.rows(
        NoticeStore.page(
          to: side, among: office.membership.contracts, after: page.afterIdentifier(), limit: page.limit, in: office.tenant),
        in: .tenant(office.tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, NoticeStore.write)
    }
  }
}
