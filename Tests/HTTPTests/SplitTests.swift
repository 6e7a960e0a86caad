// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("The parser under mutation")
struct SplitTests {
  static let cases = 100_000
  static let shares = 8

  /// Messages that are sound, alone and one after another.
  static let seeds: [[UInt8]] = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /v1/tenants/anding/contracts?limit=50&after=%E5%AE%89 HTTP/1.1\r\nHost: jiesu.test:8080\r\nAccept: */*\r\nCookie: s=1; t=2\r\n\r\n",
    "POST /a%2Fb HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: 1\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET http://b:80/x?y=z HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /3 HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
  ].map { [UInt8]($0) }

  /// Pieces that attacks are made of.
  static let pieces: [[UInt8]] = [
    "\r\n", "\n", "\r", "\0", " ", "\t", ":", ";", ",", "\r\n\r\n", "0\r\n\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x\r\n", "Host: b\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n",
    "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.0", "%2e", "%00", "..", "ffffffffffffffff", "-1", "+", "\u{0B}", "\u{7F}", "é",
  ].map { [UInt8]($0) }

  @Test("100,000 mutated messages mean the same however they are cut", arguments: 0..<shares)
  func mutations(_ share: Int) {
    let seed = UInt64(20_261_121 + share)
    print("mutations of HTTP messages: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var limits = RequestParser.Limits()
    limits.requestLine = 96
    limits.headers = 160
    limits.headerCount = 6
    limits.body = 64
    limits.chunkExtensions = 16
    limits.trailers = 24
    var streaming = limits
    streaming.streamed = { _, _ in 64 }
    for number in 0..<Self.cases / Self.shares {
      let octets = Self.mutated(&generator)
      let whole = Transcript(octets, limits: limits)
      let cuts = Self.cuts(octets.count, &generator)
      guard Transcript(octets, cuts: cuts, limits: limits) == whole, Transcript.byOctet(octets, limits: limits) == whole else {
        Issue.record("seed \(seed), case \(number), cut at \(cuts): \(octets)")
        return
      }
      guard Transcript(octets, cuts: cuts, limits: streaming) == whole else {
        Issue.record("seed \(seed), case \(number) means something else when its content is handed on, cut at \(cuts): \(octets)")
        return
      }
      guard Self.isSound(whole, octets) else {
        Issue.record("seed \(seed), case \(number) is taken for something it is not: \(whole)\n\(octets)")
        return
      }
    }
  }

  /// Whether what was accepted can be written down again plainly and read as the same requests.
  static func isSound(_ transcript: Transcript, _ octets: [UInt8]) -> Bool {
    guard transcript.consumed <= octets.count else { return false }
    let plain = transcript.requests.flatMap(plainly)
    let again = Transcript(plain)
    return again.refusal == nil && again.consumed == plain.count
      && again.requests.map(\.method) == transcript.requests.map(\.method)
      && again.requests.map(\.target) == transcript.requests.map(\.target)
      && again.requests.map(\.body) == transcript.requests.map(\.body)
  }

  /// The request with a length instead of chunks and no field that is not needed.
  static func plainly(_ request: Request) -> [UInt8] {
    [UInt8]("\(request.method) ") + request.target.octets
      + [UInt8](" HTTP/1.1\r\nHost: \(request.authority ?? "a")\r\nContent-Length: \(request.body.count)\r\n\r\n") + request.body
  }

  static func cuts(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
    (0..<Int.random(in: 1...4, using: &generator)).map { _ in Int.random(in: 0...count, using: &generator) }.sorted()
  }

  static func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
    var octets = seeds.randomElement(using: &generator) ?? []
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...octets.count, using: &generator)
      let end = min(octets.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0 where place < octets.count: octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1 where place < octets.count: octets[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 2: octets.removeSubrange(place..<end)
      case 3: octets.insert(contentsOf: octets[place..<end], at: place)
      case 4: octets.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
      case 5: octets.insert(contentsOf: seeds.randomElement(using: &generator) ?? [], at: place)
      default:
        let lines = octets.indices.filter { octets[$0] == .lineFeed }
        let line = lines.randomElement(using: &generator).map { $0 + 1 } ?? octets.count
        octets.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: line)
      }
    }
    return octets
  }
}
