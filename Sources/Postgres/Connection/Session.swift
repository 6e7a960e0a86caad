// SPDX-License-Identifier: Apache-2.0

/// What a connection asks of the server when it opens.
struct Session: Sendable {
  var statementTimeout: Duration
  var lockTimeout: Duration
  var idleTimeout: Duration?
  /// Whether its transactions may change nothing unless they say so.
  var isReadOnly = false
  /// Whether one statement may take further processes of the server for itself.
  var isParallel = true
  /// Channels to listen to.
  var channels: [Channel] = []
  /// How long the server may say nothing while something is under way.
  var silenceLimit: Duration

  /// The `options` of the start-up message.
  var options: String {
    var options = "-c statement_timeout=\(statementTimeout.milliseconds) -c lock_timeout=\(lockTimeout.milliseconds)"
    if let idleTimeout { options += " -c idle_in_transaction_session_timeout=\(idleTimeout.milliseconds)" }
    if !isParallel { options += " -c max_parallel_workers_per_gather=0" }
    if isReadOnly { options += " -c default_transaction_read_only=on" }
    return options
  }
}

extension Duration {
  /// Whole milliseconds, at least one: the server takes zero for no bound at all.
  var milliseconds: UInt64 {
    max(1, components.seconds < 0 ? 1 : UInt64(components.seconds) * 1000 + UInt64(components.attoseconds / 1_000_000_000_000_000))
  }
}

/// The name of a channel of LISTEN and NOTIFY; a literal of the program.
package struct Channel: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  private let name: StaticString

  package init(stringLiteral value: StaticString) {
    name = value
  }

  package var description: String { name.description }

  package static func == (left: Channel, right: Channel) -> Bool {
    left.description == right.description
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(description)
  }
}
