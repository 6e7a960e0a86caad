// SPDX-License-Identifier: Apache-2.0

/// A value that arrives once, and the one task that waits for it; both live on the same event loop.
///
/// Neither side takes a lock: completing it on the loop's thread puts the waiting task on the loop's own list. It is not `Sendable`, and must
/// not be touched from two threads.
package final class OneShot<Value> {
  private enum State {
    case empty
    case waiting(UnsafeContinuation<Void, Never>)
    case full(Value)
    case taken
  }

  private var state = State.empty

  package init() {}

  /// Whether nobody has completed it yet.
  package var isOpen: Bool {
    switch state {
    case .empty, .waiting: true
    case .full, .taken: false
    }
  }

  /// Hands over the value; only the first call counts.
  ///
  /// - Returns: whether this call was the first.
  @discardableResult
  package func complete(_ value: Value) -> Bool {
    switch state {
    case .empty:
      state = .full(value)
      return true
    case .waiting(let continuation):
      state = .full(value)
      continuation.resume()
      return true
    case .full, .taken:
      return false
    }
  }

  /// Suspends until the value is there. Only one task may wait, and only once.
  package nonisolated(nonsending) func value() async -> Value {
    if case .empty = state {
      await withUnsafeContinuation { continuation in
        state = .waiting(continuation)
      }
    }
    guard case .full(let value) = state else {
      preconditionFailure("a OneShot has one waiter, and it waits once")
    }
    state = .taken
    return value
  }
}
