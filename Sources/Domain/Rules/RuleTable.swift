// SPDX-License-Identifier: Apache-2.0
import Base

/// A decision table: ordered rows, the first whose predicate holds decides, otherwise the default does.
package struct RuleTable: Sendable, Hashable {
  package enum Purpose: String, Sendable, Hashable, CaseIterable {
    case classification, dispatch
    case specialCase = "special-case"
    case exclusion, urgency
  }

  package struct Column: Sendable, Hashable {
    package let id: String
    package let says: Text
  }

  package struct Row: Sendable, Hashable {
    package let id: String
    package let says: Text?
    /// A predicate over the order in SQL/JSON path.
    package let when: String
    package let then: OrderedMap<JSON>
  }

  package let purpose: Purpose
  package let says: Text
  package let columns: [Column]
  package let rows: [Row]
  package let fallback: OrderedMap<JSON>
}

extension RuleTable {
  private static let column: Shape<Column> = .object(Field("id", .code), Field("says", Text.shape)) { Column(id: $0, says: $1) }

  private static let outcome: Shape<OrderedMap<JSON>> = .map(keys: .code, of: .any, max: 50)

  private static let row: Shape<Row> = .object(
    Field("id", .code), Field("when", ServiceLevel.path), Field("then", outcome), Field(optional: "says", Text.shape)
  ) { Row(id: $0, says: $3, when: $1, then: $2) }

  /// The form of `rules/<purpose>.json`; each row and the default fill exactly the columns, with words, numbers or truth values.
  package static let fileShape: Shape<RuleTable> = Shape<RuleTable>.object(
    "ruleTable", about: Text(zh: "决策表：自上而下，首个成立者生效。", en: "A decision table: the first row that holds decides."),
    Field("purpose", .enumeration(Purpose.self)), Field("says", Text.shape),
    Field("columns", .array(of: column, min: 1, max: 50, uniqueBy: "id", key: \.id)),
    Field("rows", .array(of: row, max: 2000, uniqueBy: "id", key: \.id)), Field("default", outcome)
  ) { RuleTable(purpose: $0, says: $1, columns: $2, rows: $3, fallback: $4) }.refine { table in
    table.rows.enumerated().flatMap { table.faults(in: $0.element.then, at: "/rows/\($0.offset)/then") }
      + table.faults(in: table.fallback, at: "/default")
  }

  /// What each row and the default say of the column `department`, with a pointer to it: it names departments.
  package var departments: [(pointer: String, code: String)] {
    let outcomes = rows.enumerated().map { ("/rows/\($0.offset)/then", $0.element.then) } + [("/default", fallback)]
    return outcomes.compactMap { pointer, outcome in outcome["department"]?.string.map { (pointer + "/department", $0) } }
  }

  private func faults(in outcome: OrderedMap<JSON>, at pointer: String) -> [Fault] {
    var faults: [Fault] = []
    for column in columns where outcome[column.id] == nil {
      faults.append(
        Fault(
          pointer: JSONPointer.appending(column.id, to: pointer), code: "missing-member",
          detail: Text(zh: "缺少列“\(column.id)”的取值。", en: "The column “\(column.id)” has no value here.")))
    }
    for entry in outcome.entries {
      let place = JSONPointer.appending(entry.name, to: pointer)
      if !columns.contains(where: { $0.id == entry.name }) {
        faults.append(
          Fault(
            pointer: place, code: "unknown-reference", detail: Text(zh: "没有列“\(entry.name)”。", en: "There is no column “\(entry.name)”.")))
      }
      switch entry.value.kind {
      case .string, .number, .boolean: break
      default:
        faults.append(
          Fault(pointer: place, code: "wrong-type", detail: Text(zh: "须为字符串、数字或布尔值。", en: "This must be a string, a number or a boolean.")))
      }
    }
    return faults
  }
}
