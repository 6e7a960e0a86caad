// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// One connection: octets in, requests handed on, answers out in the order of the requests.
///
/// It keeps no buffer while it is idle. What the socket has is read into the loop's own buffer and parsed there; answers are written from
/// the loop's own buffer. Only what cannot be dealt with at once is copied: a cut request, requests behind a bound, an answer that the
/// other side does not take.
// Unchecked: touched on its loop's thread only; the task of a request carries it, and runs on that loop.
final class Connection: @unchecked Sendable {
  private enum Stage {
    case open
    /// The last answer has been written or is being written; what still comes in is thrown away.
    case ending
    case closed
  }

  /// After how many octets of answers they are sent before more are written.
  private static let batch = 1 << 18

  private let server: LoopServer
  private let peer: Peer
  private let wire: Wire
  private var registration: Registration?
  private var timer: Timer?

  private var stage = Stage.open
  private var parser: RequestParser
  private(set) var pipeline = Pipeline()
  /// What was read and must wait until the pipeline has room.
  private var unread: [UInt8] = []
  private var unsent = Backlog()
  /// Whether requests are still taken; false from the last one on.
  private var takesRequests = true
  /// Whether the other side has said that it sends nothing more.
  private var hasReadEnd = false
  /// Whether the client has asked for the end and sent nothing behind that, so that we need not wait for its own.
  private var endsCleanly = false
  /// Whether the client waits for the interim answer.
  private var owesContinue = false
  /// Whether it stands in the loop's list of those to be flushed.
  var isQueued = false

  private var patience: Patience
  /// When the timer looks at the patience's deadline.
  private var timerDeadline = Moment.never

  init(_ descriptor: Int32, peer: Peer, server: LoopServer) {
    wire = Wire(descriptor: descriptor)
    self.peer = peer
    self.server = server
    parser = RequestParser(limits: server.configuration.limits)
    patience = Patience(at: server.loop.now)
  }

  var descriptor: Int32 { wire.descriptor }

  /// Begins to listen to the socket.
  func start() {
    timer = Timer(on: server.loop) { [unowned self] in runOut() }
    registration = server.loop.register(descriptor, interest: .readable) { [unowned self] ready in become(ready) }
    settle()
  }

  // MARK: Events

  private func become(_ ready: Readiness) {
    if ready.contains(.hangup) {
      close()
      return
    }
    if ready.contains(.writable) { sendRest() }
    if ready.contains(.readable) { read() }
    settle()
  }

  /// Acts on the end of patience.
  private func runOut() {
    timerDeadline = .never
    guard patience.deadline <= server.loop.now else {
      watch()
      return
    }
    switch patience.waiting {
    case .ourselves: return
    case .nextRequest: close()
    case .writing:
      wire.abort()
      server.metrics.timeouts += 1
      close()
    case .firstRequest, .ending:
      server.metrics.timeouts += 1
      close()
    case .head, .content:
      server.metrics.timeouts += 1
      refuse(.tooSlow)
      settle()
    }
  }

  /// Takes no further request but one that has come or begun already; closes at once when there is nothing left to do.
  func drain() {
    if takesRequests, unread.isEmpty, hasRoom { read() }
    guard stage == .open, parser.phase == .idle else { return }
    takesRequests = false
    unread = []
    if pipeline.isEmpty, unsent.isEmpty { close() } else { settle() }
  }

  // MARK: Reading

  private func read() {
    guard stage != .closed, !hasReadEnd else { return }
    switch wire.receive(into: server.input) {
    case .nothing: return
    case .end: endInput()
    case .failed: close()
    case .octets(let count):
      server.metrics.octetsReceived += count
      guard stage == .open else { return }
      owesContinue = false
      let octets = UnsafeBufferPointer(start: server.input.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
      feed(octets.span)
    }
  }

  private func endInput() {
    hasReadEnd = true
    takesRequests = false
    owesContinue = false
    if stage == .ending || pipeline.isEmpty, unsent.isEmpty { close() }
  }

  private var hasRoom: Bool {
    unsent.isEmpty && !pipeline.isBlocked && pipeline.count < server.configuration.maximumPipelined
  }

  private func feed(_ input: Span<UInt8>) {
    var position = 0
    while position < input.count, takesRequests {
      guard hasRoom else {
        unread = input.extracting(position..<input.count).withUnsafeBufferPointer { Array($0) }
        return
      }
      switch parser.parse(input, from: &position) {
      case nil: return
      case .waitsForContinue:
        // Who already sends does not wait.
        guard position == input.count else { continue }
        owesContinue = true
        server.queue(self)
      case .request(var request):
        request.peer = peer
        request.id = server.nextID()
        patience.renew()
        if request.closesConnection {
          takesRequests = false
          endsCleanly = position == input.count
        } else if server.isDraining {
          takesRequests = false
        }
        if let number = pipeline.admit(request, at: server.loop.now) { run(request, number) }
      case .refusal(let refusal): refuse(refusal)
      }
    }
  }

  private func refuse(_ refusal: Refusal) {
    server.metrics.refusals[refusal, default: 0] += 1
    takesRequests = false
    unread = []
    pipeline.append(server.configuration.refuse(refusal), id: server.nextID(), at: server.loop.now)
    server.queue(self)
  }

  // MARK: Working

  private func run(_ request: Request, _ number: Int) {
    server.metrics.requestsRunning += 1
    Task.immediate(executorPreference: server.loop) { [self] in
      let response = await server.respond(request)
      complete(number, with: response)
    }
  }

  private func complete(_ number: Int, with response: Response) {
    server.loop.preconditionCurrent()
    server.metrics.requestsRunning -= 1
    guard stage == .open else {
      server.noticeEnd()
      return
    }
    pipeline.complete(number, with: response)
    if pipeline.isAnswered { server.queue(self) }
    if let next = pipeline.unpark(at: server.loop.now) { run(next.request, next.number) }
  }

  // MARK: Writing

  /// Sends what is answered, then goes on with what was read; called at the end of a turn.
  func flush(at moment: Moment) {
    guard stage == .open, unsent.isEmpty else { return }
    while stage == .open, unsent.isEmpty, pipeline.isAnswered { sendBatch(at: moment) }
    if owesContinue, stage == .open, pipeline.isEmpty, unsent.isEmpty {
      owesContinue = false
      server.writeContinue()
      send()
    }
    goOn()
    settle()
  }

  private func sendBatch(at moment: Moment) {
    while server.output.count < Self.batch, let answer = pipeline.takeAnswer() {
      if !takesRequests, pipeline.isEmpty { stage = .ending }
      server.write(answer, closes: stage == .ending, at: moment)
    }
    send()
  }

  /// Goes on with what waited for room.
  private func goOn() {
    guard stage == .open, !unread.isEmpty, hasRoom else { return }
    let octets = unread
    unread = []
    feed(octets.span)
  }

  /// Sends the loop's output and keeps what is not taken.
  private func send() {
    defer { server.clearOutput() }
    guard let position = transfer(server.output, from: 0) else { return }
    guard position < server.output.count else {
      finish()
      return
    }
    unsent = server.takeOutput(from: position)
    patience.renew()
  }

  /// Sends what was kept.
  private func sendRest() {
    guard !unsent.isEmpty, let position = transfer(unsent.octets, from: unsent.position) else { return }
    unsent.advance(to: position)
    guard unsent.isEmpty else { return }
    finish()
    if stage == .open {
      if hasReadEnd, pipeline.isEmpty { close() } else { server.queue(self) }
    }
  }

  /// Sends as much as the socket takes, and closes when it has failed.
  private func transfer(_ octets: [UInt8], from start: Int) -> Int? {
    guard let position = wire.send(octets, from: start) else {
      close()
      return nil
    }
    server.metrics.octetsSent += position - start
    return position
  }

  /// Ends our side after the last answer; the other side may still be sending, and would lose the answer to a reset if we just closed.
  private func finish() {
    guard stage == .ending else { return }
    if hasReadEnd || endsCleanly { close() } else { wire.finish() }
  }

  // MARK: Waiting

  /// Tells the loop what is waited for now, and for how long.
  private func settle() {
    guard stage != .closed else { return }
    let waiting: Waiting
    let interest: Readiness
    if !unsent.isEmpty {
      (waiting, interest) = (.writing(sent: unsent.progress), .writable)
    } else if stage == .ending {
      (waiting, interest) = (.ending, hasReadEnd ? [] : .readable)
    } else if takesRequests, unread.isEmpty, hasRoom {
      (waiting, interest) = (waitingForInput, .readable)
    } else {
      (waiting, interest) = (.ourselves, [])
    }
    if let registration, registration.interest != interest { registration.interest = interest }
    patience.wait(for: waiting, at: server.loop.now, server.allowances)
    watch()
  }

  /// Sees to it that the timer looks at the deadline in time; it mostly moves on, and the timer need not hear of that.
  private func watch() {
    guard patience.deadline < timerDeadline else { return }
    timerDeadline = patience.deadline
    timer?.arm(at: timerDeadline)
  }

  private var waitingForInput: Waiting {
    switch parser.phase {
    case .head: .head
    case .body(let received): owesContinue ? .ourselves : .content(received: received)
    case .idle: !pipeline.isEmpty ? .ourselves : patience.isFresh ? .firstRequest : .nextRequest
    case .refused: .ourselves
    }
  }

  // MARK: Ending

  /// Since when nothing is going on, so that closing takes nothing away; nil when something is.
  var idleSince: Moment? {
    switch patience.waiting {
    case .firstRequest, .nextRequest: patience.since
    case .head, .content, .writing, .ending, .ourselves: nil
    }
  }

  /// Ends the connection on both sides at once; answers that still come are thrown away.
  func close() {
    guard stage != .closed else { return }
    stage = .closed
    timer?.cancel()
    registration?.cancel()
    timer = nil
    registration = nil
    wire.close()
    pipeline.abandon()
    parser = RequestParser(limits: server.configuration.limits)
    unread = []
    unsent = Backlog()
    server.remove(self)
  }
}
