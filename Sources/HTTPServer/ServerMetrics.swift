// SPDX-License-Identifier: Apache-2.0
import HTTP

/// What a server has counted since its start; each loop has its own, and they are added up when somebody asks.
package struct ServerMetrics: Sendable {
  package var connectionsAccepted = 0
  package var connectionsOpen = 0
  /// Idle connections closed to make room for new ones.
  package var connectionsEvicted = 0
  /// Connections ended because the other side took too long, in whatever it did.
  package var timeouts = 0
  /// Requests being worked on.
  package var requestsRunning = 0
  /// Requests answered, by the first digit of the status, 2 to 5.
  package var responses: [Int] = Array(repeating: 0, count: 6)
  /// What the server refused by itself.
  package var refusals: [Refusal: Int] = [:]
  package var octetsReceived = 0
  package var octetsSent = 0
  /// From the reading of a request to the writing of its answer.
  package var latency = Latency()

  package init() {}

  package static func + (one: ServerMetrics, other: ServerMetrics) -> ServerMetrics {
    var sum = one
    sum.connectionsAccepted += other.connectionsAccepted
    sum.connectionsOpen += other.connectionsOpen
    sum.connectionsEvicted += other.connectionsEvicted
    sum.timeouts += other.timeouts
    sum.requestsRunning += other.requestsRunning
    for index in sum.responses.indices { sum.responses[index] += other.responses[index] }
    sum.refusals.merge(other.refusals, uniquingKeysWith: +)
    sum.octetsReceived += other.octetsReceived
    sum.octetsSent += other.octetsSent
    sum.latency.add(other.latency)
    return sum
  }

  /// How long requests took, in buckets whose bounds double.
  package struct Latency: Sendable {
    /// The upper bounds of the buckets in microseconds; beyond the last there is one more bucket.
    package static let bounds: [Int] = (6...23).map { 1 << $0 }

    /// How many requests fell into each bucket, not added up.
    package private(set) var counts = [Int](repeating: 0, count: 19)
    /// The sum of all times in microseconds.
    package private(set) var sum = 0

    package init() {}

    /// Counts one request.
    mutating func count(microseconds: Int) {
      let bits = Int.bitWidth - max(0, microseconds - 1).leadingZeroBitCount
      counts[min(max(bits, 6), 24) - 6] += 1
      sum += microseconds
    }

    mutating func add(_ other: Latency) {
      for index in counts.indices { counts[index] += other.counts[index] }
      sum += other.sum
    }
  }
}
