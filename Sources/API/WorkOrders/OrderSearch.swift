// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Finds orders by words in their title or text: two characters and up.
///
/// The places of all the words' pairs of characters are intersected before an order is looked at, and the orders that have all pairs are
/// looked at from the newest on until a page is full. At first only what was gathered last is looked up; where that does not make a page,
/// more of it is.
enum OrderSearch {
  /// How far a search goes.
  private struct Reach {
    /// How many orders have the rarest pairs of what is looked up, about.
    let entries: Int32
    /// How many orders are looked at besides a page of them: on the first page, and behind others, where those before are among them.
    let places: (first: Int, later: Int)
  }

  private static let reaches = [
    Reach(entries: 1500, places: (12, 1500)), Reach(entries: 40_000, places: (4000, 40_000)),
    Reach(entries: .max, places: (Int(Int32.max), Int(Int32.max))),
  ]
  /// How many pairs of a text are looked up at most, and how many of what was gathered together are intersected.
  private static let (pairs, intersected) = (12, Int32(3))

  /// - Throws: 422 for a text of fewer than two characters, or more than a hundred.
  static func text(in query: HTTP.Query) throws -> String? {
    guard let text = query["text"] else { return nil }
    guard 2...100 ~= text.unicodeScalars.count, !text.utf8.contains(0) else {
      throw Problem.badQuery("text", Text(zh: "text 须为 2 到 100 个字。", en: "text has 2 to 100 characters."))
    }
    return OrderText.folded(text)
  }

  /// A page of the orders that have a text, the newest first.
  static func page(
    _ text: String, _ filter: OrderFilter, _ scope: OrderScope, after: UUIDv7?, limit: Int32, in tenant: TenantID, on lanes: Lanes
  ) async throws -> Rows {
    let context = Context.tenant(tenant.number)
    let all = OrderText.grams(text).sorted()
    let grams = stride(from: 0, to: all.count, by: (all.count + pairs - 1) / pairs).map { all[$0] }
    for reach in reaches {
      let postings = OrderSearchStore.postings(of: grams, after: after, entries: reach.entries, pairs: intersected, in: tenant)
      let most = Int(limit) + (after == nil ? reach.places.first : reach.places.later)
      let look = look(try await lanes.query(postings, in: context, .search), atMost: most)
      let statement = OrderListStore.page(having: text, look, filter, scope, after: after, limit: limit, in: tenant)
      let rows = try await lanes.rows(statement, in: context, .search)
      if rows.count == Int(limit) || look.isWhole { return rows }
    }
    // The last reach holds all there is.
    throw Problem.unexpected
  }

  /// The newest places that all pairs have.
  ///
  /// - Parameter postings: what was gathered first comes first.
  private static func look(_ postings: [OrderSearchStore.Posting], atMost most: Int) -> OrderSearchStore.Look {
    var look = OrderSearchStore.Look()
    var rest = postings[...]
    while let last = rest.last {
      let together = rest[(rest.firstIndex { $0.base == last.base } ?? rest.startIndex)...]
      rest = rest.dropLast(together.count)
      let places = OrderPlaces.common(together.lazy.map(\.steps), behind: last.base)
      let room = most - look.places.count
      look.places += places.suffix(room).reversed()
      look.older = last.isOldest ? nil : last.base
      if places.count > room {
        look.rest = places[places.count - room - 1]
        break
      }
    }
    return look
  }
}
