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

  /// The moment at which patience ends.
  func deadline(since start: Moment, _ configuration: ServerConfiguration) -> Moment {
    switch self {
    case .firstRequest, .head: start + configuration.headerTimeout
    case .nextRequest: start + configuration.idleTimeout
    case .content(let received): configuration.incoming.deadline(since: start, octets: received)
    case .writing(let sent): configuration.outgoing.deadline(since: start, octets: sent)
    case .ending: start + configuration.lingerTimeout
    case .ourselves: .never
    }
  }

  /// Whether the same thing is waited for, however much of it has come.
  func isSame(as other: Waiting) -> Bool {
    switch (self, other) {
    case (.content, .content), (.writing, .writing): true
    default: self == other
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
  mutating func wait(for next: Waiting, at now: Moment, _ configuration: ServerConfiguration) {
    if !next.isSame(as: waiting) || round != beganInRound {
      since = now
      beganInRound = round
    }
    waiting = next
    deadline = next.deadline(since: since, configuration)
  }
}
