// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// Something that belongs to one loop, on its way there.
// Unchecked: the tests touch the value on its loop only.
final class Confined<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}

extension Guarded {
  /// A copy of the value as it is now.
  var value: Value { withLock { $0 } }
}
