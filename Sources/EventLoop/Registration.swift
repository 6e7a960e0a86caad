// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// What a descriptor is ready for, or what its owner wants to hear of.
package struct Readiness: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// There is something to read, or the end of it.
  package static let readable = Readiness(rawValue: 1)
  /// There is room to write.
  package static let writable = Readiness(rawValue: 2)
  /// The other side is gone or the descriptor has failed; heard without being asked for, and heard again until the registration is cancelled.
  package static let hangup = Readiness(rawValue: 4)

  init(epoll bits: UInt32) {
    var ready: Readiness = []
    if bits & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { ready.insert(.readable) }
    if bits & EPOLLOUT.rawValue != 0 { ready.insert(.writable) }
    if bits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { ready.insert(.hangup) }
    self = ready
  }

  var epoll: UInt32 {
    var bits: UInt32 = 0
    if contains(.readable) { bits |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
    if contains(.writable) { bits |= EPOLLOUT.rawValue }
    return bits
  }
}

/// One descriptor's place in its loop's epoll, level-triggered.
///
/// Changing ``interest`` is cheap: the kernel hears of it once, at the end of the turn, and only if it differs from what it knows. Cancel it
/// before the descriptor is closed. Only the loop's thread may touch it.
package final class Registration {
  private let loop: EventLoop
  let descriptor: Int32
  /// Tells this registration's events from those of an earlier one on the same descriptor.
  let generation: UInt32
  let action: (Readiness) -> Void
  /// What the kernel was told; nil before it was told anything, and after cancelling.
  private var known: Readiness?
  private(set) var isCancelled = false
  private var isDirty = false

  /// Which readiness the action is called for, besides ``Readiness/hangup``.
  package var interest: Readiness {
    didSet {
      guard !isDirty, !isCancelled, known != interest else { return }
      isDirty = true
      loop.poller.dirty.append(self)
    }
  }

  init(loop: EventLoop, descriptor: Int32, generation: UInt32, interest: Readiness, action: @escaping (Readiness) -> Void) {
    self.loop = loop
    self.descriptor = descriptor
    self.generation = generation
    self.interest = interest
    self.action = action
  }

  /// Ends the registration; events already fetched for it are dropped.
  package func cancel() {
    loop.preconditionCurrent()
    guard !isCancelled else { return }
    isCancelled = true
    if known != nil {
      loop.poller.control(EPOLL_CTL_DEL, self, bits: 0)
      known = nil
    }
    loop.poller.forget(self)
  }

  /// Tells the kernel the present interest.
  func apply() {
    isDirty = false
    guard !isCancelled, known != interest else { return }
    loop.poller.control(known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, self, bits: interest.epoll)
    known = interest
  }
}

/// The epoll instance of one loop and the registrations in it.
struct Poller {
  /// How many events one turn takes; the rest are fetched in the next, after the jobs of this one had their share.
  static let eventsPerTurn = 256

  let descriptor: Int32
  /// Registrations whose interest the kernel has not heard yet.
  var dirty: [Registration] = []
  /// The registration of each descriptor.
  private var registrations: [Registration?] = []
  private var generation: UInt32 = 0

  init() throws(SystemError) {
    descriptor = try SystemError.check("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
  }

  /// The registration that an event belongs to, nil when it came for one that is gone.
  func registration(_ event: epoll_event) -> Registration? {
    let slot = Int(event.data.u64 & 0xffff_ffff)
    guard slot < registrations.count, let registration = registrations[slot] else { return nil }
    return registration.generation == UInt32(event.data.u64 >> 32) ? registration : nil
  }

  /// A number that no registration of this descriptor still in the kernel's queue has.
  mutating func nextGeneration() -> UInt32 {
    generation &+= 1
    return generation
  }

  mutating func remember(_ registration: Registration) {
    let slot = Int(registration.descriptor)
    while registrations.count <= slot { registrations.append(nil) }
    precondition(registrations[slot] == nil, "a descriptor is registered once at a time")
    registrations[slot] = registration
  }

  mutating func forget(_ registration: Registration) {
    registrations[Int(registration.descriptor)] = nil
  }

  func control(_ operation: Int32, _ registration: Registration, bits: UInt32) {
    var event = epoll_event()
    event.events = bits
    event.data.u64 = UInt64(registration.generation) << 32 | UInt64(UInt32(bitPattern: registration.descriptor))
    let result = epoll_ctl(descriptor, operation, registration.descriptor, &event)
    precondition(result == 0 || operation == EPOLL_CTL_DEL, "epoll_ctl refused a descriptor: errno \(errno)")
  }
}
