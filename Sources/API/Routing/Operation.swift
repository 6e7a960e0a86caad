// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// What the API document says of a route, beside its method, path and permission.
package struct Operation: Sendable {
  /// A value in the query.
  package struct Parameter: Sendable {
    package let name: String
    package let says: Text
    package let schema: JSON

    package init(_ name: String, _ says: Text, schema: JSON = ["type": "string"]) {
      self.name = name
      self.says = says
      self.schema = schema
    }
  }

  /// The name of the operation, unique in the document, in camelCase.
  package let id: String
  package let summary: Text
  package var query: [Parameter]
  /// Describes a body, its named parts left in the document's collection.
  package typealias Schematic = @Sendable (inout SchemaDefinitions) -> JSON

  /// The schema of the request's body, nil where there is none.
  package var body: Schematic?
  /// The media types that the request's body may have.
  package var bodyTypes = ["application/json"]
  /// The media type of the answer's body.
  package var answerType: String
  /// The schema of the answer's body, nil where there is none.
  package var answer: Schematic?
  /// The status of success.
  package var status: Int
  /// The statuses of failure, beyond those that every route of its kind shares.
  package var failures: [Int]
  /// Whether the answer carries an `ETag`, or the request must carry `If-Match`.
  package var entityTag: EntityTagUse

  package enum EntityTagUse: Sendable { case none, sent, required }

  package init(
    _ id: String, _ summary: Text, query: [Parameter] = [], answer: Schematic? = nil, answerType: String = "application/json",
    status: Int = 200, failures: [Int] = [], entityTag: EntityTagUse = .none
  ) {
    self.id = id
    self.summary = summary
    self.query = query
    self.answer = answer
    self.answerType = answerType
    self.status = status
    self.failures = failures
    self.entityTag = entityTag
  }

  /// Whether a query has nothing but what the operation knows, each once: a filter whose name is misspelt would leave out nothing.
  ///
  /// - Throws: 422 `bad-query` that names the first which is not known or is there again.
  func check(_ asked: Query) throws(Problem) {
    for (place, item) in asked.items.enumerated() {
      guard query.contains(where: { $0.name == item.name }) else {
        let hint = NearestName.hint(for: item.name, among: query.map(\.name))
        let name = NearestName.quoted(item.name)
        throw .badQuery(name, Text(zh: "此处没有参数“\(name)”。\(hint.zh)", en: "There is no parameter “\(name)” here. \(hint.en)"))
      }
      if asked.items[..<place].contains(where: { $0.name == item.name }) {
        throw .badQuery(item.name, Text(zh: "参数“\(item.name)”重复。", en: "The parameter “\(item.name)” is there more than once."))
      }
    }
  }
}
