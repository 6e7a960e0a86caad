// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// The OpenAPI 3.1 document of a route table, made from the very values that route, authorise and validate.
package struct OpenAPI: Sendable {
  private let routes: [Route]
  private var definitions = SchemaDefinitions(prefix: "#/components/schemas/", language: nil)

  package init(_ routes: [Route]) { self.routes = routes }

  /// The document.
  package static func document(of routes: [Route]) -> JSON {
    var openAPI = OpenAPI(routes)
    return openAPI.document()
  }

  private mutating func document() -> JSON {
    var paths = JSONObject()
    for route in routes {
      var item = paths[route.path.description]?.object ?? JSONObject()
      item["\(route.method)".lowercased()] = describe(route)
      paths[route.path.description] = .object(item)
    }
    var schemas = definitions.schemas
    schemas["Problem"] = Self.problem
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "jiesu 接诉", "version": "1",
        "description": "12345 接诉即办：每个街乡镇一份合同、一套规则，同一平台。 Offices' contracts, executable: clocks, duties, appraisal and money.",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "paths": .object(paths),
      "components": [
        "schemas": .object(schemas),
        "securitySchemes": [
          "bearer": ["type": "http", "scheme": "bearer"],
          "cookie": ["type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name)],
        ],
      ],
    ]
  }

  private mutating func describe(_ route: Route) -> JSON {
    let operation = route.operation
    var described = JSONObject()
    described["operationId"] = .string(operation.id)
    described["summary"] = .string("\(operation.summary.zh) / \(operation.summary.en)")
    var parameters: [JSON] = route.path.variables.map { name in
      ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string", "minLength": 1]]
    }
    parameters += operation.query.map { parameter in
      [
        "name": .string(parameter.name), "in": "query", "required": false,
        "description": .string("\(parameter.says.zh) / \(parameter.says.en)"), "schema": parameter.schema,
      ]
    }
    if route.method == .post, route.access.keepsAnswers {
      parameters.append([
        "name": "Idempotency-Key", "in": "header", "required": false, "schema": ["type": "string", "minLength": 1, "maxLength": 128],
      ])
    }
    if operation.entityTag == .required {
      parameters.append(["name": "If-Match", "in": "header", "required": false, "schema": ["type": "string"]])
    }
    if !parameters.isEmpty { described["parameters"] = .array(parameters) }
    if let body = operation.body {
      let schema: JSON = ["schema": body(&definitions)]
      described["requestBody"] = [
        "required": true, "content": .object(JSONObject(operation.bodyTypes.map { JSONObject.Member(name: $0, value: schema) })),
      ]
    }
    described["responses"] = responses(of: route)
    switch route.access {
    case .anyone: described["security"] = []
    case .signedIn, .platform, .tenant: described["security"] = [["bearer": []], ["cookie": []]]
    }
    if let permission = route.access.permission { described["x-permission"] = .string(permission.rawValue) }
    return .object(described)
  }

  private mutating func responses(of route: Route) -> JSON {
    let operation = route.operation
    var success: JSONObject = ["description": .string(operation.status == 201 ? "Created" : "Success")]
    if let answer = operation.answer { success["content"] = .object([operation.answerType: ["schema": answer(&definitions)]]) }
    if operation.entityTag != .none { success["headers"] = ["ETag": ["schema": ["type": "string"]]] }
    var responses: JSONObject = [String(operation.status): .object(success)]
    for status in failures(of: route) {
      responses[String(status)] = [
        "description": .string(Self.meaning[status] ?? "Problem"),
        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
      ]
    }
    return .object(responses)
  }

  private func failures(of route: Route) -> [Int] {
    var failures = Set(route.operation.failures).union([400, 503])
    switch route.access {
    case .anyone: break
    case .signedIn: failures.formUnion([401, 403])
    case .platform: failures.formUnion([401, 403])
    case .tenant: failures.formUnion([401, 403, 404])
    }
    if !route.path.variables.isEmpty { failures.insert(404) }
    if !route.operation.query.isEmpty { failures.insert(422) }
    if route.operation.body != nil { failures.formUnion([413, 415, 422]) }
    if route.operation.entityTag == .required { failures.formUnion([412, 428]) }
    return failures.sorted()
  }

  private static let meaning = [
    400: "Bad request", 401: "Not signed in", 403: "Not permitted", 404: "Not found", 409: "Conflict", 412: "Changed since",
    413: "Content too large", 415: "Unsupported media type", 422: "Invalid content", 428: "Version required", 429: "Too many attempts",
    503: "Try again later",
  ]

  private static let problem: JSON = [
    "type": "object", "required": ["type", "status", "code", "title", "detail"],
    "properties": [
      "type": ["type": "string"], "status": ["type": "integer"], "code": ["type": "string"], "title": ["type": "string"],
      "detail": ["type": "string"],
      "errors": [
        "type": "array",
        "items": [
          "type": "object", "required": ["pointer", "code", "detail"],
          "properties": ["pointer": ["type": "string"], "code": ["type": "string"], "detail": ["type": "string"]],
        ],
      ],
    ],
  ]
}
