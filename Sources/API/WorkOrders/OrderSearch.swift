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
  /// How often a search begins anew because texts were gathered meanwhile, which happens once in a thousand orders.
  private static let attempts = 5
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
    let gathered = OrderSearchStore.lastPlace(in: tenant)
    for reach in reaches {
      let postings = OrderSearchStore.postings(of: grams, after: after, entries: reach.entries, pairs: intersected, in: tenant)
      let most = Int(limit) + (after == nil ? reach.places.first : reach.places.later)
      for _ in 1...attempts {
        let found = try await lanes.rows([gathered.statement, postings.statement], in: context, .search)
        let look = look(try found[1].decoded(by: postings), atMost: most)
        let statement = OrderListStore.page(having: text, look, filter, scope, after: after, limit: limit, in: tenant)
        let answers = try await lanes.rows([statement, gathered.statement], in: context, .search)
        // What was gathered between the two was seen by neither; both are asked again.
        guard try answers[1].decoded(by: gathered) == found[0].decoded(by: gathered) else { continue }
        if answers[0].count == Int(limit) || look.isWhole { return answers[0] }
        break
      }
    }
    // The last reach holds all there is: texts are gathered faster than they are searched.
    throw Problem.overloaded
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
