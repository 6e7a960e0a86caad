// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import Support
import Testing

@testable import HTTPServer

@Suite("What a connection decides", .blockingBriefly)
struct DecisionTests {
  private let start = Moment(nanoseconds: 1_000_000_000)

  private func request(_ method: Method, _ number: UInt64) throws -> Request {
    var parser = RequestParser()
    var position = 0
    let octets = Array("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    guard case .request(var request) = parser.parse(octets.span, from: &position) else { throw Client.Failure.malformed("request") }
    request.id = RequestID(process: 0, number: number)
    return request
  }

  private func admit(_ pipeline: inout Pipeline, _ method: Method, _ number: UInt64) throws -> Int {
    let admitted = pipeline.admit(try request(method, number), at: start)
    return try #require(admitted)
  }

  private func expectParked(_ pipeline: inout Pipeline, _ method: Method, _ number: UInt64) throws {
    let admitted = pipeline.admit(try request(method, number), at: start)
    #expect(admitted == nil)
    #expect(pipeline.isBlocked)
  }

  @Test("safe requests run side by side and are answered in order")
  func safe() throws {
    var pipeline = Pipeline()
    let first = try admit(&pipeline, .get, 1)
    let second = try admit(&pipeline, .head, 2)
    pipeline.complete(second, with: Response(.ok))
    #expect(!pipeline.isAnswered)
    let none = pipeline.takeAnswer()
    #expect(none == nil)
    pipeline.complete(first, with: Response(.ok))
    let answered = [pipeline.takeAnswer(), pipeline.takeAnswer()]
    #expect(answered.map { $0?.id.number } == [1, 2])
    #expect(answered.map { $0?.isHead } == [false, true])
    #expect(pipeline.isEmpty)
  }

  @Test("an unsafe request waits for those before it and holds up those behind it")
  func unsafe() throws {
    var pipeline = Pipeline()
    let first = try admit(&pipeline, .get, 1)
    try expectParked(&pipeline, .post, 2)
    #expect(pipeline.isBlocked)
    #expect(pipeline.count == 2)
    let early = pipeline.unpark(at: start)
    #expect(early == nil)
    pipeline.complete(first, with: Response(.ok))
    let unparked = pipeline.unpark(at: start)
    let second = try #require(unparked)
    #expect(!pipeline.isBlocked)
    try expectParked(&pipeline, .get, 3)
    pipeline.complete(second.number, with: Response(.ok))
    let third = pipeline.unpark(at: start)
    #expect(third?.request.id.number == 3)
    #expect(pipeline.running == 1)
  }

  @Test("answers that come twice or after the end are ignored")
  func late() throws {
    var pipeline = Pipeline()
    let first = try admit(&pipeline, .get, 1)
    pipeline.complete(first, with: Response(.ok))
    pipeline.complete(first, with: Response(.notFound))
    let answered = pipeline.takeAnswer()
    #expect(answered?.response.status == .ok)
    let second = try admit(&pipeline, .get, 2)
    pipeline.abandon()
    pipeline.complete(second, with: Response(.ok))
    pipeline.complete(99, with: Response(.ok))
    #expect(pipeline.isEmpty)
  }

  @Test("patience depends on what is waited for, and who sends or takes octets earns time by it")
  func allowances() {
    var configuration = ServerConfiguration(addresses: [])
    configuration.incoming = .init(grace: .seconds(2), rate: 1000)
    configuration.outgoing = .init(grace: .seconds(3), rate: 1)
    let allowances = Allowances(configuration)
    func allowed(_ waiting: Waiting) -> Duration { allowances.deadline(for: waiting, since: start).since(start) }
    #expect(allowed(.firstRequest) == configuration.headerTimeout)
    #expect(allowed(.head) == configuration.headerTimeout)
    #expect(allowed(.nextRequest) == configuration.idleTimeout)
    #expect(allowed(.ending) == configuration.lingerTimeout)
    #expect(allowed(.content(received: 0)) == .seconds(2))
    #expect(allowed(.content(received: 5000)) == .seconds(7))
    #expect(allowed(.writing(sent: 4)) == .seconds(7))
    #expect(allowances.deadline(for: .writing(sent: .max), since: start) == .never)
    #expect(allowances.deadline(for: .ourselves, since: start) == .never)
    #expect(Waiting.content(received: 1).isSame(as: .content(received: 2)))
    #expect(!Waiting.content(received: 1).isSame(as: .writing(sent: 1)))
    #expect(!Waiting.head.isSame(as: .nextRequest))
  }

  @Test("waiting for the same thing goes on, unless something has come of it")
  func patience() {
    let configuration = ServerConfiguration(addresses: [])
    let allowances = Allowances(configuration)
    let (later, latest) = (start + .seconds(1), start + .seconds(2))
    var patience = Patience(at: start)
    #expect(patience.isFresh)
    patience.wait(for: .head, at: start, allowances)
    patience.wait(for: .head, at: later, allowances)
    #expect(patience.since == start)
    #expect(patience.deadline == start + configuration.headerTimeout)
    patience.renew()
    patience.wait(for: .head, at: later, allowances)
    #expect(patience.since == later)
    #expect(!patience.isFresh)
    patience.wait(for: .content(received: 0), at: latest, allowances)
    patience.wait(for: .content(received: 4096), at: latest + .seconds(1), allowances)
    #expect(patience.since == latest)
    #expect(patience.deadline == latest + configuration.incoming.grace + .seconds(4))
    patience.wait(for: .ourselves, at: latest, allowances)
    #expect(patience.deadline == .never)
  }

  @Test(
    "latencies fall into the bucket whose bound they do not exceed",
    arguments: [
      (0, 0), (64, 0), (65, 1), (128, 1), (129, 2), (1 << 23, 17), (1 << 23 + 1, 18), (Int.max / 2, 18),
    ])
  func buckets(_ microseconds: Int, _ bucket: Int) {
    var latency = ServerMetrics.Latency()
    latency.count(microseconds: microseconds)
    #expect(latency.counts[bucket] == 1)
    #expect(latency.sum == microseconds)
    #expect(latency.counts.count == ServerMetrics.Latency.bounds.count + 1)
  }
}
