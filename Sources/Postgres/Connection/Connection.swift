// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
import EventLoop

/// One connection to the server, in pipeline mode, on one loop; it opens itself again when it is lost.
///
/// It repeats no request by itself: when it is lost, those under way fail with ``PostgresError/connectionLost``.
// Unchecked: it lives on its loop's thread. What other threads get hold of it for (an answer of the resolver) only carries it back there.
final class Connection: @unchecked Sendable {
  enum State {
    /// There is no connection; the next attempt is due by `reopening`.
    case closed
    /// libpq makes the connection.
    case opening
    /// The server tells us what it is, and hears what it must know.
    case greeting
    case ready
    /// Takes nothing new; is replaced when what is under way is done.
    case retiring
    /// Closed for good.
    case shut
  }

  let loop: EventLoop
  let configuration: Configuration
  let session: Session
  let offload: Offload
  let report: @Sendable (ConnectionEvent) -> Void
  /// Called when the connection has become ready, has room again, or is lost.
  var onChange: () -> Void = {}
  var onNotification: (String, [UInt8]) -> Void = { _, _ in }

  var state = State.closed
  var connection: OpaquePointer?
  var registration: Registration?
  /// How transactions are written here; known once the server has been greeted.
  var form = TransactionForm.implicit

  /// What is under way, in the order it was sent.
  var requests = Ring<Request>()
  /// What the server will answer, for all of them.
  var steps = Ring<Step>()
  /// Whether the present step has had its result, so that the next NULL ends it.
  var hasResult = false
  var prepared: [SQL: Prepared] = [:]
  var preparedCount = 0
  var parameters = Parameters()
  let digits = UnsafeMutablePointer<CChar>.allocate(capacity: 16)
  /// When the server's plans for the prepared statements are to be made anew.
  var plansEnd = Moment.never
  /// How long the next ones are kept, in nanoseconds.
  var plansAge: UInt64 = 0
  /// Whether somebody has the connection for a whole transaction; then it is not replaced before that has ended.
  var isHeld = false {
    didSet { replaceIfIdle() }
  }
  /// Whether libpq has refused to send; what it says is acted on at the end of the turn.
  var isBroken = false
  private var isTurnEndAsked = false

  var pause: Duration
  /// Counts attempts, so that a late answer of the resolver is known as such.
  var attempt = 0
  lazy var openingLimit = Timer(on: loop) { [unowned self] in refuse("no connection within the time allowed") }
  lazy var reopening = Timer(on: loop) { [unowned self] in open() }
  lazy var silence = Timer(on: loop) { [unowned self] in drop(.timedOut, .lost(silent: true)) }
  let silenceLimit: UInt64

  init(
    on loop: EventLoop, _ configuration: Configuration, _ session: Session, offload: Offload,
    report: @escaping @Sendable (ConnectionEvent) -> Void
  ) {
    self.loop = loop
    self.configuration = configuration
    self.session = session
    self.offload = offload
    self.report = report
    pause = configuration.firstPause
    silenceLimit = session.silenceLimit.wholeNanoseconds
  }

  deinit {
    precondition(connection == nil, "shut a connection before letting go of it")
    digits.deallocate()
  }

  /// How many requests are under way.
  var load: Int { requests.count }

  // MARK: The turn

  /// Has ``finishTurn()`` run once the jobs of this turn have sent what they want to.
  func askForTurnEnd() {
    guard !isTurnEndAsked else { return }
    isTurnEndAsked = true
    loop.atEndOfTurn { self.finishTurn() }
  }

  private func finishTurn() {
    isTurnEndAsked = false
    guard connection != nil else { return }
    // Sending reads, when the server will not take more before it is read from: such answers are in memory, and no event tells of them.
    flush()
    receive()
  }

  /// Sends what libpq still holds, and watches for room when it cannot.
  func flush() {
    guard let connection, let registration else { return }
    switch PQflush(connection) {
    case 0: registration.interest = .readable
    case 1: registration.interest = [.readable, .writable]
    default: isBroken = true
    }
  }

  func become(_ ready: Readiness) {
    guard let connection else { return }
    if ready.contains(.writable) { flush() }
    if ready.contains(.readable) || ready.contains(.hangup) {
      if PQconsumeInput(connection) == 0 { isBroken = true }
      // The server is alive, however long its answer is.
      if silence.isArmed { silence.arm(at: loop.now.adding(nanoseconds: silenceLimit)) }
    }
    receive()
  }

  // MARK: Ending

  /// Takes no more requests and is replaced as soon as those under way are done.
  func retire() {
    guard state == .ready else { return }
    state = .retiring
    replaceIfIdle()
  }

  func replaceIfIdle() {
    guard state == .retiring, requests.isEmpty, !isHeld else { return }
    pause = .zero
    drop(.connectionLost, .retired)
  }

  /// Closes for good; what is under way fails.
  func shut() {
    guard state != .shut else { return }
    drop(.closed, nil)
    state = .shut
    reopening.cancel()
    openingLimit.cancel()
    silence.cancel()
  }

  /// Lets go of the connection, fails what was under way, and sets the time of the next attempt.
  func drop(_ error: PostgresError, _ event: ConnectionEvent?) {
    let orphans = requests.removeAll()
    _ = steps.removeAll()
    prepared = [:]
    hasResult = false
    isBroken = false
    attempt += 1
    registration?.cancel()
    registration = nil
    if let connection { PQfinish(connection) }
    connection = nil
    state = .closed
    openingLimit.disarm()
    silence.disarm()
    if let event {
      report(event)
      reopening.arm(at: Moment.read() + pause)
      pause = min(max(pause * 2, configuration.firstPause), configuration.longestPause)
    }
    for request in orphans { request.abandon(error) }
    onChange()
  }

  // MARK: Stopping a statement

  /// Asks the server to stop what it is doing for this connection, which is replaced afterwards: the wish may arrive late, and must not hit another
  /// statement.
  func cancel() {
    guard let connection, let handle = PQgetCancel(connection).map(Cancellation.init) else { return }
    retire()
    do {
      try offload.detach { handle.perform() }
    } catch {
      // Nobody to do it: the statement's own timeout ends it.
      handle.release()
    }
  }
}

/// libpq's handle for asking the server to stop; asking blocks.
// Unchecked: it is a copy of what asking needs, made for use on any one thread.
private struct Cancellation: @unchecked Sendable {
  let handle: OpaquePointer

  func perform() {
    // The message libpq writes here says why it failed; the statement's own timeout then ends the statement.
    var message = [CChar](repeating: 0, count: 256)
    _ = PQcancel(handle, &message, 256)
    release()
  }

  func release() {
    PQfreeCancel(handle)
  }
}
