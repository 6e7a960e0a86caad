// SPDX-License-Identifier: Apache-2.0

/// One thing for a loop to run.
enum Work: Sendable {
  /// A job of a task that prefers the loop; it is run as the task executor it was enqueued on.
  case task(UnownedJob)
  /// A job of an actor on the loop; it is run as the serial executor it was enqueued on. Running either kind as the other breaks the runtime's idea
  /// of where it is.
  case isolated(UnownedJob)
  case closure(@Sendable () -> Void)
}

/// First in, first out; two arrays that change places, so that steady work allocates nothing.
struct WorkQueue {
  private var incoming: [Work] = []
  private var outgoing: [Work] = []
  private var position = 0

  var isEmpty: Bool { incoming.isEmpty && position == outgoing.count }

  mutating func append(_ work: Work) {
    incoming.append(work)
  }

  mutating func append(contentsOf work: [Work]) {
    incoming.append(contentsOf: work)
  }

  mutating func next() -> Work? {
    if position == outgoing.count {
      guard !incoming.isEmpty else { return nil }
      outgoing.removeAll(keepingCapacity: true)
      position = 0
      swap(&incoming, &outgoing)
    }
    defer { position += 1 }
    return outgoing[position]
  }
}
