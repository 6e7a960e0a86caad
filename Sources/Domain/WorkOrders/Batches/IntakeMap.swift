// SPDX-License-Identifier: Apache-2.0
import Base

/// What the headings of one kind of file mean that an office takes in, and how such files are written 表头对照.
///
/// It says the whole: a file has every heading of it, and what it does not name is passed over.
package struct IntakeMap: Sendable, Hashable {
  package let title: Text
  /// What each heading means.
  package let headings: OrderedMap<OrderColumn>
  /// How times are written; nil for the usual ways.
  package let dates: DatePattern?
  /// Nil for what the file itself shows.
  package let encoding: FileEncoding?
  /// What holds for lines that say nothing of it.
  package let source: OrderSource?
  package let grade: String?

  package static let shape: Shape<IntakeMap> = .object(
    "intakeMap",
    about: Text(
      zh: "一种导入文件的表头对照：表头的含义、时间写法、编码，及未注明时的来源与紧急程度。",
      en:
        "What the headings of one kind of file mean, how its times and its text are written, and the source and grade of lines that name none."
    ),
    Field("title", Text.shape), Field("headings", headings), Field(optional: "dates", dates),
    Field(optional: "encoding", .enumeration(FileEncoding.self)), Field(optional: "source", .enumeration(OrderSource.self)),
    Field(optional: "grade", .string(minLength: 1, maxLength: 60))
  ) { IntakeMap(title: $0, headings: $1, dates: $2, encoding: $3, source: $4, grade: $5) }

  private static let dates: Shape<DatePattern> = .text(
    ["maxLength": 40],
    meaning: Text(
      zh: "含 yyyy、M、d（及 H、m、s）的写法，如 yyyy年M月d日 HH:mm", en: "made of yyyy, M, d (and H, m, s), such as dd/MM/yyyy HH:mm")
  ) { $0.unicodeScalars.count <= 40 ? DatePattern($0) : nil }

  private static let column: Shape<OrderColumn> = .text(
    ["maxLength": 80],
    meaning: Text(
      zh: "工单的成员，如 externalNumber、title、citizen.phone、attributes.x",
      en: "a member of an intake, such as externalNumber, title, citizen.phone, attributes.x")
  ) { text in OrderColumn(text).flatMap { $0.name == text ? $0 : nil } }

  private static let headings: Shape<OrderedMap<OrderColumn>> = Shape<OrderedMap<OrderColumn>>.map(
    keys: .string(minLength: 1, maxLength: 60), of: column, min: 1, max: 256
  ).refine { (map: OrderedMap<OrderColumn>) -> [Fault] in
    var seen: [OrderColumn: String] = [:]
    for entry in map.entries {
      if let other = seen.updateValue(entry.name, forKey: entry.value) {
        return [
          Fault(
            pointer: JSONPointer.appending(entry.name, to: ""), code: "repeated-heading",
            detail: Text(zh: "与“\(other)”含义相同。", en: "This means the same as “\(other)”."))
        ]
      }
    }
    guard seen[.externalNumber] == nil else { return [] }
    return [
      Fault(
        code: "missing-heading",
        detail: Text(zh: "须有一个表头为工单编号（externalNumber）。", en: "One of the headings must be the external number (externalNumber)."))
    ]
  }

  /// The map as JSON.
  package var json: JSON {
    var json: JSONObject = [
      "title": title.json,
      "headings": .object(JSONObject(headings.entries.map { .init(name: $0.name, value: .string($0.value.name)) })),
    ]
    json["dates"] = dates.map { .string($0.text) }
    json["encoding"] = encoding.map { .string($0.rawValue) }
    json["source"] = source.map { .string($0.rawValue) }
    json["grade"] = grade.map { .string($0) }
    return .object(json)
  }
}
