// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import Testing

@Suite("Blocking work")
struct OffloadTests {
  @Test("what blocks runs elsewhere, and its result comes back to the loop")
  func comesBack() async throws {
    let loop = try EventLoop(name: "test")
    let offload = try Offload(threads: 2)
    let sum = try await loop.run {
      var sum = 0
      for number in 0..<50 {
        sum += try await offload.run { loop.isCurrent ? 1_000_000 : number }
        #expect(loop.isCurrent)
      }
      return sum
    }
    #expect(sum == 1225)
    await #expect(throws: Refusal.self) { try await offload.run { throw Refusal() } }
    offload.stop()
    await #expect(throws: Offload.Failure.stopped) { try await offload.run {} }
    loop.stop()
  }

  @Test("more waiting work than the bound is refused, what waits already is done")
  func bounded() async throws {
    let offload = try Offload(threads: 1, bound: 2)
    let gate = Guarded(0)
    let done = Guarded(0)
    let isBusy = Guarded(false)
    try gate.withLock { _ in
      try offload.detach {
        isBusy.withLock { $0 = true }
        gate.withLock { _ in }
      }
      while !isBusy.value { sched_yield() }
      for _ in 0..<2 { try offload.detach { done.withLock { $0 += 1 } } }
      #expect(throws: Offload.Failure.overloaded) { try offload.detach {} }
    }
    offload.stop()
    #expect(done.value == 2)
  }

  private struct Refusal: Error {}
}
