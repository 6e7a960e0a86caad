// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// The requests of one connection that are not answered yet, in the order in which they came and must be answered.
///
/// Requests that change nothing may run side by side; one that may change something runs alone, since the client meant the order
/// (RFC 9112 §9.3.2).
struct Pipeline {
  /// What one request is answered with.
  struct Answer {
    let id: RequestID
    let isHead: Bool
    let isSafe: Bool
    /// Whether the client speaks HTTP/1.0.
    let isOld: Bool
    /// When the request was read.
    let start: Moment
    let response: Response

    /// The content that is still to be made and sent, nil where there is none.
    var stream: ResponseStream? { isHead ? nil : response.stream }
  }

  /// One request on its way to its answer.
  private struct Exchange {
    let id: RequestID
    let isHead: Bool
    let isSafe: Bool
    let isOld: Bool
    let start: Moment
    var response: Response?
  }

  private var exchanges: [Exchange] = []
  /// The number of the first exchange; the others follow on.
  private var firstNumber = 0
  /// How many are being worked on.
  private(set) var running = 0
  private var runsUnsafe = false
  /// The request that has been read and must wait for those before it; there is one at most.
  private var parked: [Request] = []

  var count: Int { exchanges.count + parked.count }
  var isEmpty: Bool { exchanges.isEmpty && parked.isEmpty }
  /// Whether a read request waits, so that none behind it should be read.
  var isBlocked: Bool { !parked.isEmpty }
  /// Whether the first request has its answer.
  var isAnswered: Bool { !exchanges.isEmpty && exchanges[0].response != nil }

  /// Takes a request.
  ///
  /// - Returns: its number when its work can begin, nil when it has to wait for ``unpark(at:)``.
  mutating func admit(_ request: Request, at moment: Moment) -> Int? {
    guard mayRun(request.method.isSafe) else {
      parked.append(request)
      return nil
    }
    return begin(request, at: moment)
  }

  /// Takes the waiting request when its time has come.
  mutating func unpark(at moment: Moment) -> (number: Int, request: Request)? {
    guard let request = parked.first, mayRun(request.method.isSafe) else { return nil }
    parked.removeFirst()
    return (begin(request, at: moment), request)
  }

  /// Takes an answer that no request asked for, to be sent behind the others.
  mutating func append(_ response: Response, id: RequestID, at moment: Moment) {
    exchanges.append(Exchange(id: id, isHead: false, isSafe: true, isOld: false, start: moment, response: response))
  }

  /// Takes the answer to a request; the request goes on running as long as the content of its answer is made.
  mutating func complete(_ number: Int, with response: Response) {
    let index = number - firstNumber
    guard exchanges.indices.contains(index), exchanges[index].response == nil else { return }
    exchanges[index].response = response
    if exchanges[index].isHead || response.stream == nil { end(isSafe: exchanges[index].isSafe) }
  }

  /// Takes note that the content of an answer, which was taken out before, is complete.
  mutating func completeStream(of answer: Answer) { end(isSafe: answer.isSafe) }

  private mutating func end(isSafe: Bool) {
    running -= 1
    if !isSafe { runsUnsafe = false }
  }

  /// Takes the first answer out when it is there.
  mutating func takeAnswer() -> Answer? {
    guard !exchanges.isEmpty, let response = exchanges[0].response.take() else { return nil }
    firstNumber += 1
    let exchange = exchanges.removeFirst()
    return Answer(
      id: exchange.id, isHead: exchange.isHead, isSafe: exchange.isSafe, isOld: exchange.isOld, start: exchange.start, response: response)
  }

  /// Forgets everything; answers that still come are ignored.
  mutating func abandon() {
    firstNumber += exchanges.count
    exchanges = []
    parked = []
  }

  private func mayRun(_ isSafe: Bool) -> Bool { running == 0 || isSafe && !runsUnsafe }

  private mutating func begin(_ request: Request, at moment: Moment) -> Int {
    let isSafe = request.method.isSafe
    exchanges.append(
      Exchange(id: request.id, isHead: request.method == .head, isSafe: isSafe, isOld: request.minorVersion == 0, start: moment))
    running += 1
    runsUnsafe = !isSafe
    return firstNumber + exchanges.count - 1
  }
}
