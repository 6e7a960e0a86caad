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
  /// After how many octets of a content patience begins anew.
  private static let stride = 1 << 16

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
  /// The content that is being received for a handler that reads it as it comes.
  private var inflow: Inflow?
  /// How much of it has come since patience began anew.
  private var inflowProgress = 0
  /// The answer whose content is being made and sent; those behind it wait.
  private var outflow: (flow: Outflow, answer: Pipeline.Answer)?
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
  var loop: EventLoop { server.loop }

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
    outflow?.flow.end()
    if takesRequests, unread.isEmpty, hasRoom { read() }
    guard stage == .open, parser.phase == .idle else { return }
    takesRequests = false
    unread = []
    if isQuiet, unsent.isEmpty { close() } else { settle() }
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
    inflow?.fail(.cut)
    if stage == .ending || pipeline.isEmpty, unsent.isEmpty, outflow == nil { close() }
  }

  private var hasRoom: Bool {
    guard unsent.isEmpty, !pipeline.isBlocked else { return false }
    return inflow?.hasRoom ?? (pipeline.count < server.configuration.maximumPipelined)
  }

  /// Whether no request is worked on and no answer is being made.
  private var isQuiet: Bool { pipeline.isEmpty && outflow == nil }

  private func feed(_ input: Span<UInt8>) {
    var position = 0
    while position < input.count || parser.owesEnd, takesRequests {
      guard hasRoom || parser.owesEnd else {
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
      case .request(let request):
        if request.closesConnection { takeLast(isCut: position < input.count) } else if server.isDraining { takesRequests = false }
        admit(request)
      case .head(var request, let waitsForContinue):
        let inflow = Inflow(self, closes: request.closesConnection, waitsForContinue: waitsForContinue && position == input.count)
        request.stream = RequestContent { () async throws(ContentFailure) in try await inflow.next() }
        self.inflow = inflow
        inflowProgress = 0
        admit(request)
      case .content(let range): take(input.extracting(range))
      case .end:
        if inflow?.closes == true { takeLast(isCut: position < input.count) } else if server.isDraining { takesRequests = false }
        inflow?.complete()
        inflow = nil
      case .refusal(let refusal): refuse(refusal)
      }
    }
  }

  private func admit(_ request: Request) {
    var request = request
    request.peer = peer
    request.id = server.nextID()
    patience.renew()
    if let number = pipeline.admit(request, at: server.loop.now) { run(request, number) }
  }

  /// Takes no request behind the one that has just come whole, because its sender said that it is the last.
  private func takeLast(isCut: Bool) {
    takesRequests = false
    endsCleanly = !isCut
  }

  private func take(_ piece: Span<UInt8>) {
    inflow?.waitsForContinue = false
    inflow?.take(piece)
    inflowProgress += piece.count
    guard inflowProgress >= Self.stride else { return }
    // A client that was fast may not be slow for hours on the strength of that.
    inflowProgress = 0
    patience.renew()
  }

  /// A handler waits for content: has the connection go on reading at the end of the turn, and the client told to send.
  func wantContent() {
    guard let inflow, stage == .open else { return }
    if inflow.waitsForContinue {
      inflow.waitsForContinue = false
      owesContinue = true
    }
    server.queue(self)
  }

  private func refuse(_ refusal: Refusal) {
    server.metrics.refusals[refusal, default: 0] += 1
    takesRequests = false
    unread = []
    if let inflow {
      // Whoever reads the content hears of it; the answer is the server's.
      inflow.fail(.refused(refusal))
      return
    }
    pipeline.append(server.configuration.refuse(refusal), id: server.nextID(), at: server.loop.now)
    server.queue(self)
  }

  // MARK: Working

  private func run(_ request: Request, _ number: Int) {
    if request.stream != nil { inflow?.number = number }
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
    pipeline.complete(number, with: inflow?.number == number ? answerEarly(response) : response)
    if pipeline.isAnswered { server.queue(self) }
    if let next = pipeline.unpark(at: server.loop.now) { run(next.request, next.number) }
  }

  /// Gives the rest of a content up whose request has been answered before it came.
  private func answerEarly(_ response: Response) -> Response {
    let failure = inflow?.failure
    inflow = nil
    takesRequests = false
    unread = []
    if case .refused(let refusal) = failure { return server.configuration.refuse(refusal) }
    return response
  }

  // MARK: Writing

  /// Sends what is answered, then goes on with what was read; called at the end of a turn.
  func flush(at moment: Moment) {
    guard stage == .open || outflow != nil, unsent.isEmpty else { return }
    if outflow != nil { sendStreamed() }
    while stage == .open, unsent.isEmpty, outflow == nil, pipeline.isAnswered { sendBatch(at: moment) }
    if owesContinue, stage == .open, outflow == nil, unsent.isEmpty, pipeline.count == (inflow == nil ? 0 : 1) {
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
      if let stream = answer.stream {
        begin(stream, answer)
        break
      }
    }
    send()
  }

  /// Has the content of an answer made, whose head is in the output.
  private func begin(_ stream: ResponseStream, _ answer: Pipeline.Answer) {
    let flow = Outflow(stream, isOld: answer.isOld, self)
    outflow = (flow, answer)
    server.metrics.requestsRunning += 1
    flow.start()
    if server.isDraining { flow.end() }
  }

  /// There is more of the content that is being made.
  func queueStream() {
    if stage != .closed, unsent.isEmpty { server.queue(self) }
  }

  /// Sends what there is of the content that is being made.
  private func sendStreamed() {
    guard let flow = outflow?.flow else { return }
    if flow.isPending {
      flow.move(to: &server.output)
      if flow.isComplete { endStream() }
      send()
    }
    if unsent.isEmpty { flow.resume() }
  }

  /// Goes on behind a content that is complete.
  private func endStream() {
    guard let answer = outflow?.answer else { return }
    outflow = nil
    pipeline.completeStream(of: answer)
    if !takesRequests, pipeline.isEmpty { stage = .ending }
    if let next = pipeline.unpark(at: server.loop.now) { run(next.request, next.number) }
  }

  /// The task that made the content of an answer has ended.
  ///
  /// - Parameter isWhole: false for a content that is not what was announced, which must not look like a whole one.
  func finishStream(_ flow: Outflow, isWhole: Bool) {
    server.loop.preconditionCurrent()
    server.metrics.requestsRunning -= 1
    guard stage != .closed, outflow?.flow === flow else {
      server.noticeEnd()
      return
    }
    if isWhole {
      queueStream()
    } else {
      if flow.endsWithConnection { wire.abort() }
      close()
    }
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
    if stage == .open || outflow != nil {
      if hasReadEnd, isQuiet { close() } else { server.queue(self) }
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
    guard stage == .ending, outflow == nil else { return }
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
    } else if stage == .ending, outflow != nil {
      (waiting, interest) = (.ourselves, [])
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
    case .body(let received):
      if owesContinue || inflow?.waitsForContinue == true {
        .ourselves
      } else {
        .content(received: inflow == nil ? received : inflowProgress)
      }
    case .idle: !isQuiet ? .ourselves : patience.isFresh ? .firstRequest : .nextRequest
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
    inflow?.fail(.cut)
    inflow = nil
    outflow?.flow.cut()
    outflow = nil
    pipeline.abandon()
    parser = RequestParser(limits: server.configuration.limits)
    unread = []
    unsent = Backlog()
    server.remove(self)
  }
}
