// SPDX-License-Identifier: Apache-2.0
import Base

/// An office's three rates, counted order by order by the rule that its file has.
struct NaiveRates: Sendable {
  private let leaves: Set<String>
  private let resolved: Set<String>
  private let satisfied: Set<String>
  /// Of response, resolution and satisfaction, in hundredths; nil where there is no composite.
  private let weights: [Int]?

  /// - Parameter rule: `settings.rates` of `office.json`.
  init(_ rule: JSON?) {
    func words(_ name: String, _ usual: [String]) -> Set<String> { Set(rule?[name]?.array?.compactMap(\.string) ?? usual) }
    leaves = words("leaves", ["excluded", "appealed", "returned", "withoutCitizen"])
    resolved = words("resolved", ["solved"])
    satisfied = words("satisfied", ["satisfied", "basically"])
    weights = rule?["weights"].map { weights in
      ["response", "resolution", "satisfaction"].map { Int(weights[$0]?.string?.dropLast() ?? "") ?? 0 }
    }
  }

  /// Why an order leaves the denominators, by the first reason that there is; nil where it counts.
  private func reason(_ order: NaiveOrder) -> String? {
    let reason =
      !order.hasCitizen
      ? "withoutCitizen"
      : order.stage == "returned"
        ? "returned" : order.exclusion == "granted" ? "excluded" : order.appeal == "granted" ? "appealed" : nil
    return reason.flatMap { leaves.contains($0) ? $0 : nil }
  }

  func leaves(_ order: NaiveOrder) -> Bool { reason(order) != nil }

  /// `key: responded/counted resolved/called satisfied/called composite [why they left, and how many]`
  func line(_ key: String, _ orders: [NaiveOrder]) -> String {
    let counted = orders.filter { reason($0) == nil }
    let called = counted.filter { $0.contacted != nil }
    let rates = [
      (counted.count { $0.contacted == true }, counted.count), (called.count { resolved.contains($0.resolution ?? "") }, called.count),
      (called.count { satisfied.contains($0.satisfaction ?? "") }, called.count),
    ]
    let left = Dictionary(grouping: orders.compactMap(reason)) { $0 }.map { "\($0.key) \($0.value.count)" }.sorted()
    return Self.line(key, rates, composite(rates), left)
  }

  /// The same of an item of the API's answer.
  static func line(_ item: JSON) -> String {
    func number(_ json: JSON?) -> Int { Int(json?.integer ?? -1) }
    let rates = ["response", "resolution", "satisfaction"].map { (number(item[$0]?["numerator"]), number(item[$0]?["denominator"])) }
    let left = (item["left"]?.object?.members ?? []).filter { $0.value != 0 }.map { "\($0.name) \(number($0.value))" }.sorted()
    return line(item["key"]?.string ?? "", rates, item["composite"]?.string, left)
  }

  private static func line(_ key: String, _ rates: [(Int, Int)], _ composite: String?, _ left: [String]) -> String {
    "\(key): \(rates.map { "\($0.0)/\($0.1)" }.joined(separator: " ")) \(composite ?? "none") \(left)"
  }

  /// Hundredths with two decimals, half up; nil where one of the rates is none.
  private func composite(_ rates: [(Int, Int)]) -> String? {
    guard let weights, rates.allSatisfy({ $0.1 > 0 }) else { return nil }
    let whole = rates.reduce(1) { $0 * $1.1 }
    let sum = zip(weights, rates).reduce(0) { $0 + $1.0 * $1.1.0 * (whole / $1.1.1) }
    let hundredths = (200 * sum + whole) / (2 * whole)
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
