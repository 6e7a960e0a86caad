// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// Where a server listens and how much it bears.
package struct ServerConfiguration: Sendable {
  /// Where to listen; every loop listens on each.
  package var addresses: [SocketAddress]
  /// How large a request may be.
  package var limits = RequestParser.Limits()
  /// How many connections there may be on all loops together; beyond them the longest idle ones are closed, and new ones wait.
  package var maximumConnections = 10_000
  /// How many requests of one connection are worked on or wait to be answered; beyond them nothing more is read from it.
  package var maximumPipelined = 16
  /// How long a request line with its fields may take, and a new connection until its first octet.
  package var headerTimeout = Duration.seconds(10)
  /// How long a connection may be quiet between two requests; longer than that of a proxy in front.
  package var idleTimeout = Duration.seconds(75)
  /// How content must come in.
  package var incoming = Pace(grace: .seconds(10), rate: 1024)
  /// How answers must be taken.
  package var outgoing = Pace(grace: .seconds(20), rate: 1024)
  /// How long a connection that we end stays open for the other side to read the last answer.
  package var lingerTimeout = Duration.seconds(2)
  /// Makes the answer to what the server itself refuses.
  package var refuse: @Sendable (Refusal) -> Response = { $0.response }

  package init(addresses: [SocketAddress]) {
    self.addresses = addresses
  }

  /// A least speed: after the grace, every second must have brought its share.
  package struct Pace: Sendable {
    /// How long it may take anyway.
    package var grace: Duration
    /// Octets per second, more than zero.
    package var rate: Int

    package init(grace: Duration, rate: Int) {
      self.grace = grace
      self.rate = rate
    }
  }
}
