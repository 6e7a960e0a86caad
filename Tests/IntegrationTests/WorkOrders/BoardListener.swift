// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// One event as it came.
struct BoardEvent {
  var name = ""
  var id = ""
  var data = JSON.null

  var number: String? { data["externalNumber"]?.string }
}

/// A client of the board.
final class BoardListener {
  let client: Client
  private var text = ""

  init(_ caller: Caller, _ path: String, last: String? = nil) throws {
    client = try Client(port: caller.port)
    client.send(caller.head("GET", path + "/stream", last.map { ["Last-Event-ID": $0] } ?? [:]))
    let head = try client.head()
    try #require(head.status == 200, "\(head.status)")
    #expect(head.fields["content-type"] == "text/event-stream")
  }

  /// The next event; nil when the stream has ended.
  ///
  /// - Throws: also when nothing but signs of life comes for two minutes.
  func next() throws -> BoardEvent? {
    let deadline = monotonicSeconds() + 120
    while monotonicSeconds() < deadline {
      while let end = text.range(of: "\n\n") {
        let block = text[..<end]
        text = String(text[end...].dropFirst(2))
        var event = BoardEvent()
        for line in block.split(separator: "\n") {
          if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
          if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
          if line.hasPrefix("data: ") { event.data = (try? JSON.parse(Array(line.dropFirst(6).utf8))) ?? .null }
        }
        if !event.name.isEmpty { return event }
      }
      let piece = try client.piece()
      if piece.isEmpty { return nil }
      text += String(decoding: piece, as: UTF8.self)
    }
    throw Command.Failure(description: "no event came: \(text)")
  }

  /// The next event of a name; nil when the stream has ended.
  func next(named name: String) throws -> BoardEvent? {
    while let event = try next() {
      if event.name == name { return event }
    }
    return nil
  }

  /// The numbers of the next events.
  func numbers(_ count: Int) throws -> [String?] { try (0..<count).map { _ in try next()?.number } }
}

extension String {
  fileprivate func range(of word: String) -> String.Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(word) { return index }
      index = self.index(after: index)
    }
    return nil
  }
}
