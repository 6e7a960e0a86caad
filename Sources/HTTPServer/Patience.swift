// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// What a connection waits for, which decides how long.
enum Waiting: Equatable, Sendable {
  /// The first octet of a new connection.
  case firstRequest
  /// The next request on a connection that has had one.
  case nextRequest
  /// The rest of a request line and its fields.
  case head
  /// The rest of a request's content, of which so much has come.
  case content(received: Int)
  /// The other side to take answers, of which it has taken so much.
  case writing(sent: Int)
  /// The other side to close.
  case ending
  /// Nobody but ourselves.
  case ourselves

  /// Whether the same thing is waited for, however much of it has come.
  func isSame(as other: Waiting) -> Bool {
    switch (self, other) {
    case (.content, .content), (.writing, .writing): true
    default: self == other
    }
  }
}

/// How long each kind of waiting may take; a server's settings in nanoseconds, since they are asked for with every request.
struct Allowances: Sendable {
  /// A least speed in octets per second, and the time that is given anyway.
  private struct Pace: Sendable {
    let grace: UInt64
    let rate: UInt64

    init(_ pace: ServerConfiguration.Pace) {
      grace = pace.grace.wholeNanoseconds
      rate = UInt64(max(1, pace.rate))
    }

    func allowance(octets: Int) -> UInt64 {
      let (earned, overflow) = UInt64(octets).multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, sumOverflow) = (overflow ? UInt64.max : earned / rate).addingReportingOverflow(grace)
      return sumOverflow ? .max : sum
    }
  }

  private let header: UInt64
  private let idle: UInt64
  private let linger: UInt64
  private let incoming: Pace
  private let outgoing: Pace

  init(_ configuration: ServerConfiguration) {
    header = configuration.headerTimeout.wholeNanoseconds
    idle = configuration.idleTimeout.wholeNanoseconds
    linger = configuration.lingerTimeout.wholeNanoseconds
    incoming = Pace(configuration.incoming)
    outgoing = Pace(configuration.outgoing)
  }

  /// The moment at which patience ends that began at another.
  func deadline(for waiting: Waiting, since start: Moment) -> Moment {
    switch waiting {
    case .firstRequest, .head: start.adding(nanoseconds: header)
    case .nextRequest: start.adding(nanoseconds: idle)
    case .content(let received): start.adding(nanoseconds: incoming.allowance(octets: received))
    case .writing(let sent): start.adding(nanoseconds: outgoing.allowance(octets: sent))
    case .ending: start.adding(nanoseconds: linger)
    case .ourselves: .never
    }
  }
}

/// Since when a connection waits for what, and until when.
struct Patience: Sendable {
  private(set) var waiting = Waiting.firstRequest
  /// When the present waiting began.
  private(set) var since: Moment
  /// When it ends.
  private(set) var deadline = Moment.never
  /// Counts the requests and answers that waiting began anew for, although its kind may be the same.
  private var round = 0
  private var beganInRound = 0

  init(at moment: Moment) {
    since = moment
  }

  /// Whether nothing has come or gone yet.
  var isFresh: Bool { round == 0 }

  /// Has the next waiting begin anew, even if it is of the same kind.
  mutating func renew() { round += 1 }

  /// Says what is waited for from now on.
  mutating func wait(for next: Waiting, at now: Moment, _ allowances: Allowances) {
    if !next.isSame(as: waiting) || round != beganInRound {
      since = now
      beganInRound = round
    }
    waiting = next
    deadline = allowances.deadline(for: next, since: since)
  }
}
