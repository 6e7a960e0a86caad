// SPDX-License-Identifier: Apache-2.0
@testable import HTTP

/// What a parser made of some octets, in a form that can be compared and read.
struct Transcript: Equatable, CustomStringConvertible {
  var lines: [String] = []
  var requests: [Request] = []
  /// Where the last whole request ended, in octets from the start.
  var consumed = 0
  var refusal: Refusal?
  var phase = RequestParser.Phase.idle
  /// The request whose content is being handed on.
  private var open: Request?

  static func == (one: Transcript, other: Transcript) -> Bool {
    one.lines == other.lines && one.consumed == other.consumed && one.phase == other.phase
  }

  var description: String { (lines + ["consumed \(consumed), then \(phase)"]).joined(separator: "\n") }

  /// Feeds the octets in pieces that end at the given places.
  init(_ octets: [UInt8], cuts: [Int] = [], limits: RequestParser.Limits = .init()) {
    var parser = RequestParser(limits: limits)
    var start = 0
    for end in cuts + [octets.count] {
      feed(&parser, Array(octets[start..<end]), offset: start)
      start = end
    }
    phase = parser.phase
  }

  /// Feeds the octets one at a time.
  static func byOctet(_ octets: [UInt8], limits: RequestParser.Limits = .init()) -> Transcript {
    Transcript(octets, cuts: Array(0..<octets.count), limits: limits)
  }

  private mutating func feed(_ parser: inout RequestParser, _ piece: [UInt8], offset: Int) {
    var position = 0
    while let event = parser.parse(piece.span, from: &position) {
      switch event {
      case .waitsForContinue: lines.append("waits")
      case .refusal(let refusal):
        self.refusal = refusal
        lines.append("refused: \(refusal.rawValue)")
      case .request(let request):
        take(request, end: offset + position)
      case .head(let request, let waitsForContinue):
        if waitsForContinue { lines.append("waits") }
        open = request
      case .content(let range): open?.body += piece[range]
      case .end:
        if let request = open.take() { take(request, end: offset + position) }
      }
    }
  }

  private mutating func take(_ request: Request, end: Int) {
    consumed = end
    requests.append(request)
    lines.append(
      "\(request.method) \(request.target.octets) \(request.minorVersion) \(request.headers.octets) \(request.body) "
        + "\(request.closesConnection) @\(consumed)")
  }
}

extension [UInt8] {
  init(_ text: String) { self = Array(text.utf8) }
}

/// A small generator whose whole state is its seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
