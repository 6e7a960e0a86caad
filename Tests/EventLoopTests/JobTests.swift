// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Testing

@Suite("Jobs of a loop")
struct JobTests {
  @Test("a task that prefers a loop runs on its thread, also after it has been suspended")
  func tasksStay() async throws {
    let loop = try EventLoop(name: "test")
    let places = await Task(executorPreference: loop) {
      var places = [loop.isCurrent]
      await Task.yield()
      places.append(loop.isCurrent)
      try? await loop.sleep(for: .milliseconds(1))
      places.append(loop.isCurrent)
      return places
    }.value
    #expect(places == [true, true, true])
    #expect(!loop.isCurrent)
    loop.stop()
  }

  @Test("an actor on a loop runs there, and tasks pass between it and the loop")
  func actorsStay() async throws {
    let loop = try EventLoop(name: "test")
    let counter = Counter(loop: loop)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask(executorPreference: loop) {
          for _ in 0..<100 {
            #expect(loop.isCurrent)
            #expect(await counter.increment())
          }
        }
        group.addTask {
          for _ in 0..<100 { #expect(await counter.increment()) }
        }
      }
    }
    #expect(await counter.count == 4000)
    loop.stop()
  }

  @Test("closures from many threads all run, each thread's in its own order")
  func closuresArrive() async throws {
    let loop = try EventLoop(name: "test")
    let seen = Guarded<[[Int]]>(Array(repeating: [], count: 8))
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<8 {
        group.addTask {
          for number in 0..<500 {
            loop.execute { seen.withLock { $0[sender].append(number) } }
          }
        }
      }
    }
    await loop.run { await Task.yield() }
    #expect(seen.value == Array(repeating: Array(0..<500), count: 8))
    loop.stop()
  }

  @Test("tasks that never pause leave timers and other tasks their turn")
  func nobodyStarves() async throws {
    let loop = try EventLoop(name: "test")
    let spinner = Task(executorPreference: loop) { @Sendable in
      while !Task.isCancelled { await Task.yield() }
    }
    try await loop.run { try await loop.sleep(for: .milliseconds(5)) }
    spinner.cancel()
    await spinner.value
    loop.stop()
  }

  @Test("what is asked for the end of the turn runs once, after the jobs that were there")
  func turnsEnd() async throws {
    let loop = try EventLoop(name: "test")
    let order = Guarded<[String]>([])
    await loop.run {
      loop.atEndOfTurn { order.withLock { $0.append("end") } }
      for number in 0..<3 { loop.execute { order.withLock { $0.append("job \(number)") } } }
      await Task.yield()
      try? await loop.sleep(for: .zero)
    }
    #expect(order.value == ["job 0", "job 1", "job 2", "end"])
    loop.stop()
  }

  @Test("a value is taken by the task that waits for it, whichever comes first")
  func oneShots() async throws {
    let loop = try EventLoop(name: "test")
    let values = await loop.run {
      let early = OneShot<Int>()
      #expect(early.isOpen)
      #expect(early.complete(1))
      #expect(!early.complete(2))
      let late = OneShot<Int>()
      let timer = Timer(on: loop) { late.complete(3) }
      timer.arm(after: .milliseconds(1))
      return [await early.value(), await late.value()]
    }
    #expect(values == [1, 3])
    loop.stop()
  }

  @Test("a sleep ends early when its task is cancelled")
  func sleepIsCancelled() async throws {
    let loop = try EventLoop(name: "test")
    let sleeper = Task(executorPreference: loop) { try await loop.sleep(for: .seconds(3600)) }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    loop.stop()
  }

  @Test("work that was queued before the end of a loop is done")
  func stopsInOrder() throws {
    let loop = try EventLoop(name: "test")
    let count = Guarded(0)
    for _ in 0..<5000 { loop.execute { count.withLock { $0 += 1 } } }
    loop.stop()
    #expect(count.value == 5000)
  }
}

private actor Counter {
  private let loop: EventLoop
  private(set) var count = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.isolation.asUnownedSerialExecutor() }

  init(loop: EventLoop) {
    self.loop = loop
  }

  /// Returns whether it ran on the loop's thread.
  func increment() async -> Bool {
    count += 1
    await Task.yield()
    return loop.isCurrent
  }
}
