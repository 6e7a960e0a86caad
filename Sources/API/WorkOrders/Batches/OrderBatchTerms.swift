// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// What is said of a file of work orders beside its content.
package struct OrderBatchTerms: Sendable {
  package let options: OrderFile.Options
  package let encoding: FileEncoding
  /// The stored map that says what its headings mean.
  package let map: OrderBatchStore.Map?
  /// Whether every line is judged and none taken in.
  package let isDry: Bool

  /// Reads what is said of a file.
  ///
  /// - Parameters:
  ///   - encoding: nil where nobody says.
  ///   - map: what headings mean, `heading:member,…`, or the name of a map that the office has stored.
  ///   - source: of the lines that name none.
  ///   - grade: of the lines that name none.
  /// - Throws: 422 for a map that cannot be read, or that there is not.
  package static func read(
    _ format: OrderFile.Format, _ encoding: FileEncoding?, map: String?, source: String?, grade: String?, isDry: Bool,
    in tenant: TenantID, on lanes: Lanes
  ) async throws -> OrderBatchTerms {
    var options = OrderFile.Options(format: format)
    var (encoding, stored) = (encoding, OrderBatchStore.Map?.none)
    if let map, !map.contains(":") {
      let version = try await lanes.first(IntakeMapStore.latest(map, in: tenant), in: .tenant(tenant.number), .write)
      guard let version, let known = try version.map() else { throw unknown(map) }
      guard format == .csv else { throw noHeadings }
      options.meaning = .only(known.headings)
      options.dates = known.dates
      options.standard["source"] = known.source.map { .string($0.rawValue) }
      options.standard["grade"] = known.grade.map { .string($0) }
      encoding = encoding ?? known.encoding
      stored = OrderBatchStore.Map(name: map, version: version.number)
    } else {
      options.meaning = .usual(besides: try headings(map))
    }
    if let source { options.standard["source"] = .string(source) }
    if let grade { options.standard["grade"] = .string(grade) }
    return OrderBatchTerms(options: options, encoding: encoding ?? .automatic, map: stored, isDry: isDry)
  }

  private static func headings(_ text: String?) throws(Problem) -> [String: OrderColumn] {
    var headings: [String: OrderColumn] = [:]
    for pair in (text ?? "").split(separator: ",") {
      let parts = pair.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, let column = OrderColumn(parts[1]) else {
        throw Problem.badQuery(
          "map",
          Text(
            zh: "map 须为“表头:成员”，以逗号分隔，或已存表头对照的名称；成员如 externalNumber、citizen.phone、attributes.x。",
            en:
              "map is heading:member, apart by commas, or the name of a stored map; a member is externalNumber, citizen.phone, attributes.x and the like."
          ))
      }
      headings[parts[0]] = column
    }
    return headings
  }

  private static func unknown(_ name: String) -> Problem {
    .badQuery("map", Text(zh: "本单位没有表头对照“\(name)”。", en: "The office has no map of headings called “\(name)”."))
  }

  private static let noHeadings = Problem.badQuery(
    "map", Text(zh: "表头对照只用于 CSV 文件。", en: "A map of headings is for CSV files only."))
}
