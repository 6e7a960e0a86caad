// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A page of a list in the order of its keys: `limit` rows after the key `after`; `next` in the answer is the key to go on from.
package struct Keyset: Sendable, Equatable {
  /// How many rows the page may have.
  package let limit: Int32
  /// The key of the last row of the page before; nil for the first page.
  package let after: String?

  package static let defaultLimit: Int32 = 50
  package static let greatestLimit: Int32 = 500

  /// The parameters as the API document shows them.
  package static let parameters = [
    Operation.Parameter(
      "limit", Text(zh: "每页行数，1 到 500，默认 50。", en: "Rows per page, 1 to 500, 50 unless told."),
      schema: ["type": "integer", "minimum": 1, "maximum": 500, "default": 50]),
    Operation.Parameter("after", Text(zh: "上一页答复中的 next。", en: "The `next` of the page before.")),
  ]

  /// Reads `limit` and `after` of a query.
  ///
  /// - Throws: 422 for a limit that is no number in range.
  package init(_ query: Query) throws {
    if let text = query["limit"] {
      guard let limit = Int32(text), (1...Self.greatestLimit).contains(limit) else {
        throw Problem.badQuery(
          "limit", Text(zh: "limit 须为 1 到 \(Self.greatestLimit) 的整数。", en: "limit must be a whole number from 1 to \(Self.greatestLimit)."))
      }
      self.limit = limit
    } else {
      limit = Self.defaultLimit
    }
    after = query["after"]
  }

  /// The key of the page before as an identifier.
  ///
  /// - Throws: 422 where `after` is none.
  package func afterIdentifier() throws -> UUIDv7? {
    guard let after else { return nil }
    guard let identifier = UUIDv7(after) else {
      throw Problem.badQuery("after", Text(zh: "after 须取自上一页的 next。", en: "after must be the `next` of the page before."))
    }
    return identifier
  }
}
