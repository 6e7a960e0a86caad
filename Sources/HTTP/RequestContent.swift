// SPDX-License-Identifier: Apache-2.0

/// A request's content, piece by piece as it comes; whoever reads slowly is sent slowly.
///
/// It is read once, by one task at a time.
package struct RequestContent: Sendable {
  private let pull: @Sendable () async throws(ContentFailure) -> [UInt8]?

  /// - Parameter pull: gives the next piece, which is never empty, and nil behind the last.
  package init(_ pull: @escaping @Sendable () async throws(ContentFailure) -> [UInt8]?) {
    self.pull = pull
  }

  /// The next piece, nil behind the last.
  ///
  /// - Throws: why the rest does not come.
  package func next() async throws(ContentFailure) -> [UInt8]? { try await pull() }
}

/// Why the rest of a request's content does not come.
package enum ContentFailure: Error, Sendable, Equatable {
  /// The connection has ended before the content; nobody reads the answer.
  case cut
  /// The server does not take the rest: it is malformed, too large or too slow. The client is told so, whatever the handler answers.
  case refused(Refusal)
}
