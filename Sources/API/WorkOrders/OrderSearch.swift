// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Finds orders by words in their title or text: two characters and up.
///
/// Words that few orders have are looked up by their pairs of characters, and each order that may have them is looked at; words that many
/// have are found by looking from the newest on, which ends soon.
enum OrderSearch {
  /// Up to so many orders are looked at one by one.
  private static let bound: Int64 = 1500
  /// How many pairs are intersected at most.
  private static let pairs = 4

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
    let grams = Array(OrderText.grams(text))
    let sizes = try await lanes.query(OrderSearchStore.sizes(of: grams, in: tenant), in: context).sorted { $0.size < $1.size }
    let places: [Int32]?
    if sizes.count < grams.count {
      // A pair that no gathered order has.
      places = []
    } else if let rarest = sizes.first, rarest.size > bound {
      places = nil
    } else {
      let chosen = sizes.prefix(pairs).prefix { $0.size <= bound * 20 }.map(\.gram)
      var found: [Int32: Set<Int32>] = [:]
      for entry in try await lanes.query(OrderSearchStore.places(of: chosen, in: tenant), in: context) {
        found[entry.gram, default: []].formUnion(entry.places)
      }
      places = chosen.reduce(nil) { (common: Set<Int32>?, gram) in common?.intersection(found[gram] ?? []) ?? found[gram] ?? [] }.map {
        Array($0)
      }
    }
    let statement = OrderListStore.page(having: text, among: places, filter, scope, after: after, limit: limit, in: tenant)
    return try await lanes.rows(statement, in: context)
  }
}
