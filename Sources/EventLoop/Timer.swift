// SPDX-License-Identifier: Apache-2.0

/// A deadline that may be moved often: moving it later, or disarming it, costs two stores.
///
/// The heap keeps the timer under the earliest deadline it has seen since it last fired; when that comes and the deadline has moved on, the
/// timer is put back. Only the loop's thread may touch it.
package final class Timer {
  private let loop: EventLoop
  private let action: () -> Void
  /// When the action runs; ``Moment/never`` while disarmed.
  package internal(set) var deadline = Moment.never
  /// Where the timer stands in the loop's heap, -1 when it is not there.
  fileprivate(set) var slot = -1

  /// Makes a timer that runs `action` on the loop's thread each time its deadline comes.
  package init(on loop: EventLoop, _ action: @escaping () -> Void) {
    self.loop = loop
    self.action = action
  }

  package var isArmed: Bool { deadline != .never }

  /// Sets the deadline, earlier or later than the one before.
  package func arm(at moment: Moment) {
    loop.preconditionCurrent()
    deadline = moment
    loop.timers.schedule(self)
  }

  /// Sets the deadline to `duration` after the present turn of the loop.
  package func arm(after duration: Duration) {
    arm(at: loop.now + duration)
  }

  /// Forgets the deadline; the timer may be armed again.
  package func disarm() {
    deadline = .never
  }

  /// Forgets the deadline and leaves the heap, so that the loop no longer holds the timer and what its action captured.
  package func cancel() {
    loop.preconditionCurrent()
    deadline = .never
    loop.timers.remove(self)
  }

  /// Runs the action, unless the timer was disarmed since it was put in the heap.
  func fire() {
    guard isArmed else { return }
    deadline = .never
    action()
  }
}

/// The timers of one loop: a binary heap by the moment at which each must be looked at.
struct TimerHeap {
  private struct Entry {
    var moment: Moment
    let timer: Timer
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }

  /// When the loop must wake for the first timer, ``Moment/never`` without one.
  var first: Moment { entries.first?.moment ?? .never }

  /// Makes sure that `timer` is looked at no later than its deadline.
  mutating func schedule(_ timer: Timer) {
    let moment = timer.deadline
    if timer.slot < 0 {
      guard moment != .never else { return }
      timer.slot = entries.count
      entries.append(Entry(moment: moment, timer: timer))
      rise(timer.slot)
    } else if moment < entries[timer.slot].moment {
      entries[timer.slot].moment = moment
      rise(timer.slot)
    }
  }

  /// Takes `timer` out, wherever it stands.
  mutating func remove(_ timer: Timer) {
    let slot = timer.slot
    guard slot >= 0 else { return }
    timer.slot = -1
    let last = entries.removeLast()
    guard slot < entries.count else { return }
    entries[slot] = last
    last.timer.slot = slot
    rise(slot)
    sink(last.timer.slot)
  }

  /// The next timer that is due or was disarmed, taken out; those whose deadline has moved are put back on the way.
  ///
  /// A disarmed one is handed out too, so that nothing it captured is released, and runs code, while the heap is being changed.
  mutating func popDue(_ now: Moment) -> Timer? {
    while let first = entries.first, first.moment <= now {
      let timer = first.timer
      if timer.deadline == first.moment || timer.deadline == .never {
        remove(timer)
        return timer
      }
      entries[0].moment = timer.deadline
      sink(0)
    }
    return nil
  }

  private mutating func rise(_ start: Int) {
    var slot = start
    let entry = entries[slot]
    while slot > 0 {
      let parent = (slot - 1) / 2
      guard entry.moment < entries[parent].moment else { break }
      place(entries[parent], at: slot)
      slot = parent
    }
    place(entry, at: slot)
  }

  private mutating func sink(_ start: Int) {
    var slot = start
    let entry = entries[slot]
    while true {
      var child = 2 * slot + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].moment < entries[child].moment { child += 1 }
      guard entries[child].moment < entry.moment else { break }
      place(entries[child], at: slot)
      slot = child
    }
    place(entry, at: slot)
  }

  private mutating func place(_ entry: Entry, at slot: Int) {
    entries[slot] = entry
    entry.timer.slot = slot
  }
}
