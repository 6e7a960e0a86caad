// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Somebody who calls the API over a real socket.
struct Caller: Sendable {
  struct Answer: Sendable {
    let status: Int
    let fields: [String: String]
    let text: String
    /// The body as JSON, null where it is none.
    let json: JSON

    init(_ answer: Client.Answer) {
      status = answer.status
      fields = answer.fields
      text = answer.text
      json = (try? JSON.parse(answer.body)) ?? .null
    }

    /// The text at a JSON pointer.
    func string(_ pointer: String) -> String? { json.value(at: pointer)?.string }
    /// The amount at a JSON pointer, in yuan.
    func yuan(_ pointer: String) -> String? { string(pointer + "/yuan") }
    /// A problem's faults, each with its pointer and code.
    var faults: [String] { (json["errors"]?.array ?? []).map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" } }
  }

  let port: UInt16
  let token: String?

  func get(_ path: String, _ fields: [String: String] = [:]) throws -> Answer { try call("GET", path, nil, fields) }

  func post(_ path: String, _ body: JSON, key: String? = nil, _ fields: [String: String] = [:]) throws -> Answer {
    try call("POST", path, body, fields.merging(key.map { ["Idempotency-Key": $0] } ?? [:]) { first, _ in first })
  }

  func put(_ path: String, _ body: JSON, _ fields: [String: String] = [:]) throws -> Answer { try call("PUT", path, body, fields) }

  func delete(_ path: String, _ fields: [String: String] = [:]) throws -> Answer { try call("DELETE", path, nil, fields) }

  /// Makes something and gives its identifier.
  @discardableResult
  func make(_ path: String, _ body: JSON) throws -> String {
    let answer = try post(path, body)
    return try #require(answer.status == 201 ? answer.string("/id") : nil, "\(path): \(answer.text)")
  }

  /// Puts octets of another media type than JSON.
  func put(_ path: String, _ content: [UInt8], type: String, _ fields: [String: String] = [:]) throws -> Answer {
    try call("PUT", path, content, type, fields)
  }

  /// Sends a content of any type.
  func upload(_ path: String, _ content: [UInt8], _ type: String, _ fields: [String: String] = [:]) throws -> Answer {
    let client = try Client(port: port)
    client.send(head("POST", path, fields.merging(["Content-Type": type, "Content-Length": "\(content.count)"]) { first, _ in first }))
    client.send(content)
    return Answer(try client.answer())
  }

  /// Gets a content of any type.
  func fetch(_ path: String, _ fields: [String: String] = [:], method: String = "GET") throws -> Client.Answer {
    let client = try Client(port: port)
    client.send(head(method, path, fields))
    return try client.answer(toHead: method == "HEAD")
  }

  /// The head of a request whose connection ends with it.
  func head(_ method: String, _ path: String, _ fields: [String: String] = [:]) -> String {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    return head + "\r\n"
  }

  private func call(_ method: String, _ path: String, _ body: JSON?, _ fields: [String: String]) throws -> Answer {
    var content: [UInt8]?
    if let body {
      var writer = JSONWriter()
      writer.value(body)
      content = writer.bytes
    }
    return try call(method, path, content, "application/json", fields)
  }

  private func call(_ method: String, _ path: String, _ content: [UInt8]?, _ type: String, _ fields: [String: String]) throws -> Answer {
    let client = try Client(port: port)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if let content { head += "Content-Type: \(type)\r\nContent-Length: \(content.count)\r\n" }
    client.send(Array((head + "\r\n").utf8) + (content ?? []))
    return Answer(try client.answer())
  }
}
