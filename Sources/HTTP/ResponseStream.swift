// SPDX-License-Identifier: Apache-2.0

/// The content of an answer that is made while it is sent.
package final class ResponseStream: Sendable {
  /// How many octets it will be; nil when that is not known before the end.
  package let length: Int?
  /// Whether it goes on until somebody ends it, so that a server that stops does not wait for it.
  package let isEndless: Bool
  /// Writes the content. It is cancelled when nobody reads any more; what it throws cuts the answer off where it is.
  package let produce: @Sendable (ContentWriter) async throws -> Void

  package init(length: Int? = nil, isEndless: Bool = false, produce: @escaping @Sendable (ContentWriter) async throws -> Void) {
    self.length = length
    self.isEndless = isEndless
    self.produce = produce
  }
}

/// Where the content of an answer is written to while it is made.
package struct ContentWriter: Sendable {
  private let push: @Sendable ([UInt8]) async throws(CancellationError) -> Void

  package init(_ push: @escaping @Sendable ([UInt8]) async throws(CancellationError) -> Void) {
    self.push = push
  }

  /// Sends a piece; comes back when there is room for another.
  ///
  /// - Throws: `CancellationError` when nobody reads any more.
  package func write(_ octets: [UInt8]) async throws(CancellationError) { try await push(octets) }
}
