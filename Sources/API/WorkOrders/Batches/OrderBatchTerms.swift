// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// What is said of a file of work orders beside its content.
package struct OrderBatchTerms: Sendable {
  package let options: OrderFile.Options
  package let encoding: FileEncoding
  /// Whether every line is judged and none taken in.
  package let isDry: Bool

  /// - Parameters:
  ///   - map: what headings mean: `heading:member,…`.
  ///   - source: of the lines that name none.
  ///   - grade: of the lines that name none.
  /// - Throws: 422 for a map that cannot be read.
  package init(
    _ format: OrderFile.Format, _ encoding: FileEncoding, map: String?, source: String?, grade: String?, isDry: Bool
  ) throws(Problem) {
    var options = OrderFile.Options(format: format)
    options.headings = try Self.headings(map)
    options.standard["source"] = source.map { .string($0) }
    options.standard["grade"] = grade.map { .string($0) }
    (self.options, self.encoding, self.isDry) = (options, encoding, isDry)
  }

  private static func headings(_ text: String?) throws(Problem) -> [String: OrderColumn] {
    var headings: [String: OrderColumn] = [:]
    for pair in (text ?? "").split(separator: ",") {
      let parts = pair.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, let column = OrderColumn(parts[1]) else {
        throw Problem.badQuery(
          "map",
          Text(
            zh: "map 须为“表头:成员”，以逗号分隔；成员如 externalNumber、citizen.phone、attributes.x。",
            en: "map is heading:member, apart by commas; a member is externalNumber, citizen.phone, attributes.x and the like."))
      }
      headings[parts[0]] = column
    }
    return headings
  }
}
