// SPDX-License-Identifier: Apache-2.0
// Sources: HTTP

/// Feeds arbitrary octets to the parser, whole and cut, and stops the process when the two differ or when something accepted does not
/// decode; the first octet chooses where the cuts are.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzHTTPRequest(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let stride = Int(data[0]) % 37 + 1
  let octets = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  var limits = RequestParser.Limits()
  limits.requestLine = 128
  limits.headers = 512
  limits.headerCount = 8
  limits.body = 256
  limits.chunkExtensions = 32
  limits.trailers = 64
  let whole = events(octets, limits, every: octets.count)
  precondition(events(octets, limits, every: stride) == whole, "the cuts change the meaning")
  precondition(events(octets, limits, every: 1) == whole, "single octets change the meaning")
  limits.streamed = { _, _ in 256 }
  precondition(events(octets, limits, every: stride) == whole, "handing content on changes the meaning")
  return 0
}

/// What the parser says of the octets in pieces of the given length, each event as text.
private func events(_ octets: [UInt8], _ limits: RequestParser.Limits, every length: Int) -> [String] {
  var parser = RequestParser(limits: limits)
  var events: [String] = []
  var open: Request?
  var start = 0
  while start < octets.count {
    let piece = Array(octets[start..<min(octets.count, start + length)])
    var position = 0
    while let event = parser.parse(piece.span, from: &position) {
      precondition(position <= piece.count, "more was read than there is")
      switch event {
      case .waitsForContinue: events.append("waits")
      case .refusal(let refusal): events.append(refusal.rawValue)
      case .request(let request): events.append("\(start + position) \(look(at: request))")
      case .head(let request, let waitsForContinue):
        if waitsForContinue { events.append("waits") }
        open = request
      case .content(let range): open?.body += piece[range]
      case .end:
        if let request = open.take() { events.append("\(start + position) \(look(at: request))") }
      }
    }
    precondition(position == piece.count, "something was left unread")
    start += length
  }
  events.append("\(parser.phase)")
  return events
}

/// Asks a request everything that can be asked, and writes it back into an answer.
private func look(at request: Request) -> String {
  let segments = request.target.segments
  precondition(!segments.contains(".") && !segments.contains(".."), "a dot segment came through")
  precondition(!segments.contains { $0.utf8.contains(0) }, "NUL came through")
  for field in request.headers where field.value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) {
    preconditionFailure("a line break came through in \(field.name)")
  }
  var answer: [UInt8] = []
  let id = RequestID(process: 1, number: 2)
  ResponseSerialiser(second: 0).append(
    .text(segments.joined(separator: "/")), in: .init(isHead: request.method == .head, closes: request.closesConnection, id: id),
    to: &answer)
  let tokens = (request.bearerToken.map { Array($0) }, request.cookie("s").map { Array($0) })
  return "\(request.method) \(segments) \(request.target.query.items) \(request.headers.octets) \(request.body) \(tokens) \(answer.count)"
}
