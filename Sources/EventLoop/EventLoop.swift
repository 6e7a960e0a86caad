// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// One thread, one epoll, one executor: everything a connection needs happens on the loop it belongs to.
///
/// Tasks come to the loop with `Task(executorPreference: loop)`, actors with ``isolation`` as their executor. What the loop owns (timers,
/// registrations, sockets) is touched on its thread only, which costs no lock; ``preconditionCurrent()`` says so in one comparison.
///
/// A turn is: wait for events, act on them, run due timers, run jobs until none is left or the turn has had its share, then run what was asked for
/// the turn's end (sending what the jobs have queued, say).
// Unchecked: `inbox` is behind a mutex, `thread` is written before the loop is shared and read by `stop()` alone; everything else is touched by the
// loop's own thread only, which each entry point checks.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
  /// How many jobs one turn runs before events and timers get their chance again.
  static let jobsPerTurn = 1024

  /// What other threads have asked for.
  private struct Inbox: Sendable {
    var work: [Work] = []
    /// Whether the loop has already been woken for what is in here.
    var isSignalled = false
    var isStopping = false
  }

  package let name: String
  private let inbox = Guarded(Inbox())
  private let wakeup: Int32
  private var thread = pthread_t()

  var poller: Poller
  var timers = TimerHeap()
  /// Jobs from this thread, and those taken out of the inbox.
  private var queue = WorkQueue()
  /// What runs when the present turn's jobs are done.
  private var turnEnd: [() -> Void] = []
  private var spare: [Work] = []
  private var isStopping = false

  /// When the present turn began; good enough for deadlines, and free.
  package private(set) var now = Moment.read()

  /// The executor for actors that live on this loop.
  package private(set) lazy var isolation = LoopIsolation(loop: self)

  /// Starts a loop on a thread of its own.
  ///
  /// - Parameter name: what the thread is called in `top` and `perf`, at most 15 bytes.
  package init(name: String) throws(SystemError) {
    self.name = name
    poller = try Poller()
    wakeup = try SystemError.check("eventfd", eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = .max
    try SystemError.check("epoll_ctl", epoll_ctl(poller.descriptor, EPOLL_CTL_ADD, wakeup, &event))
    _ = isolation
    let argument = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<EventLoop>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard result == 0 else {
      argument.release()
      throw SystemError("pthread_create", code: result)
    }
  }

  deinit {
    close(wakeup)
    close(poller.descriptor)
  }

  // MARK: Where the caller is

  /// Whether the caller runs on this loop's thread.
  package var isCurrent: Bool {
    clinux_thread_owner() == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
  }

  /// Stops the process when the caller is not on this loop's thread.
  package func preconditionCurrent() {
    precondition(isCurrent, "this belongs to the thread of another event loop")
  }

  // MARK: Work

  package func enqueue(_ job: consuming ExecutorJob) {
    add(.task(UnownedJob(job)))
  }

  /// Runs `body` on the loop's thread, after the work that is already there.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    add(.closure(body))
  }

  /// Runs `body` once the jobs of the present turn are done; for what is better done once for all of them.
  package func atEndOfTurn(_ body: @escaping () -> Void) {
    preconditionCurrent()
    turnEnd.append(body)
  }

  func add(_ work: Work) {
    if isCurrent {
      queue.append(work)
      return
    }
    let mustWake = inbox.withLock { inbox in
      inbox.work.append(work)
      defer { inbox.isSignalled = true }
      return !inbox.isSignalled
    }
    if mustWake { wake() }
  }

  /// Watches a descriptor; `action` is called on the loop's thread, as long as the readiness lasts.
  ///
  /// The descriptor must stay open until the registration is cancelled.
  package func register(
    _ descriptor: Int32, interest: Readiness, _ action: @escaping (Readiness) -> Void
  ) -> Registration {
    preconditionCurrent()
    let registration = Registration(
      loop: self, descriptor: descriptor, generation: poller.nextGeneration(), interest: interest, action: action)
    poller.remember(registration)
    registration.apply()
    return registration
  }

  // MARK: Stopping

  /// Ends the loop's thread after the work that is already queued, and waits for it.
  ///
  /// Tasks that still wait for something on this loop are never resumed: finish them first. Not to be called from the loop itself.
  package func stop() {
    precondition(!isCurrent, "a loop cannot wait for its own end")
    let wasStopping = inbox.withLock { inbox in
      defer { inbox.isStopping = true }
      return inbox.isStopping
    }
    guard !wasStopping else { return }
    wake()
    pthread_join(thread, nil)
  }

  // MARK: The thread

  private func wake() {
    var one: UInt64 = 1
    // The only failure is a full counter, and then the loop is awake anyway.
    _ = write(wakeup, &one, 8)
  }

  private func run() {
    clinux_name_thread(String(name.prefix(15)))
    clinux_set_thread_owner(UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Poller.eventsPerTurn)
    defer { events.deallocate() }
    while true {
      let count = epoll_wait(poller.descriptor, events, Int32(Poller.eventsPerTurn), patience())
      precondition(count >= 0 || errno == EINTR, "epoll_wait failed: errno \(errno)")
      now = Moment.read()
      for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
      runTimers()
      runJobs()
      runTurnEnd()
      applyInterests()
      if isStopping, queue.isEmpty, turnEnd.isEmpty { break }
    }
    clinux_set_thread_owner(nil)
  }

  /// How many milliseconds the loop may sleep, -1 for as long as nothing happens.
  private func patience() -> Int32 {
    guard queue.isEmpty, turnEnd.isEmpty, !isStopping else { return 0 }
    let first = timers.first
    guard first != .never else { return -1 }
    let time = Moment.read()
    guard first > time else { return 0 }
    return Int32(clamping: (first.nanoseconds - time.nanoseconds + 999_999) / 1_000_000)
  }

  private func dispatch(_ event: epoll_event) {
    if event.data.u64 == .max {
      takeInbox()
      return
    }
    guard let registration = poller.registration(event) else { return }
    let ready = Readiness(epoll: event.events).intersection(registration.interest.union(.hangup))
    if !ready.isEmpty { registration.action(ready) }
  }

  private func takeInbox() {
    var count: UInt64 = 0
    _ = read(wakeup, &count, 8)
    spare.removeAll(keepingCapacity: true)
    inbox.withLock { inbox in
      swap(&inbox.work, &spare)
      inbox.isSignalled = false
      isStopping = inbox.isStopping
    }
    queue.append(contentsOf: spare)
    spare.removeAll(keepingCapacity: true)
  }

  private func runTimers() {
    while let timer = timers.popDue(now) { timer.fire() }
  }

  private func runJobs() {
    var left = Self.jobsPerTurn
    while left > 0, let work = queue.next() {
      left -= 1
      switch work {
      case .task(let job): job.runSynchronously(on: asUnownedTaskExecutor())
      case .isolated(let job): job.runSynchronously(on: isolation.asUnownedSerialExecutor())
      case .closure(let body): body()
      }
    }
  }

  private func runTurnEnd() {
    guard !turnEnd.isEmpty else { return }
    let bodies = turnEnd
    turnEnd = []
    for body in bodies { body() }
  }

  private func applyInterests() {
    guard !poller.dirty.isEmpty else { return }
    let dirty = poller.dirty
    poller.dirty.removeAll(keepingCapacity: true)
    for registration in dirty { registration.apply() }
  }
}
