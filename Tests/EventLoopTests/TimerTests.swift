// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import EventLoop

@Suite("Timers")
struct TimerTests {
  @Test("timers fire in the order of their deadlines, each once")
  func order() async throws {
    let loop = try EventLoop(name: "test")
    let fired = await loop.run {
      let log = Log()
      let timers = [3, 1, 2].map { number in
        Timer(on: loop) { log.entries.append(number) }
      }
      for (timer, delay) in zip(timers, [3, 1, 2]) { timer.arm(after: .milliseconds(delay)) }
      await wait(on: loop, milliseconds: 6)
      return log.entries
    }
    #expect(fired == [1, 2, 3])
    loop.stop()
  }

  @Test("a timer fires at the deadline it was last given")
  func moved() async throws {
    let loop = try EventLoop(name: "test")
    let fired = await loop.run {
      let log = Log()
      let later = Timer(on: loop) { log.entries.append(1) }
      let sooner = Timer(on: loop) { log.entries.append(2) }
      let never = Timer(on: loop) { log.entries.append(3) }
      let gone = Timer(on: loop) { log.entries.append(4) }
      later.arm(after: .milliseconds(1))
      later.arm(after: .milliseconds(8))
      sooner.arm(after: .seconds(3600))
      sooner.arm(after: .milliseconds(2))
      never.arm(after: .milliseconds(1))
      never.disarm()
      gone.arm(after: .milliseconds(1))
      gone.cancel()
      await wait(on: loop, milliseconds: 12)
      sooner.cancel()
      return log.entries
    }
    #expect(fired == [2, 1])
    loop.stop()
  }

  @Test("a disarmed timer can be armed again, and may do so from its own action")
  func rearmed() async throws {
    let loop = try EventLoop(name: "test")
    let count = await loop.run {
      let log = Log()
      let done = OneShot<Void>()
      let timer = Timer(on: loop) {
        log.entries.append(log.entries.count)
        if log.entries.count == 5 { done.complete(()) } else { log.timer?.arm(after: .zero) }
      }
      log.timer = timer
      timer.arm(after: .seconds(1))
      timer.disarm()
      timer.arm(after: .milliseconds(1))
      await done.value()
      log.timer = nil
      return log.entries.count
    }
    #expect(count == 5)
    loop.stop()
  }

  @Test("random changes to many timers agree with a plain list of deadlines", arguments: [1, 2, 3, 20_261_121] as [UInt64])
  func model(seed: UInt64) async throws {
    let loop = try EventLoop(name: "test")
    let mismatch = await loop.run { () -> String? in
      var random = SplitMix(state: seed)
      var heap = TimerHeap()
      var model: [Int: UInt64] = [:]
      let log = Log()
      let timers = (0..<200).map { number in Timer(on: loop) { log.entries.append(number) } }
      let base = Moment.read().adding(nanoseconds: 1 << 50)
      var now = base
      for step in 0..<5000 {
        let number = Int.random(in: 0..<timers.count, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6:
          let moment = now.adding(nanoseconds: .random(in: 1..<1000, using: &random))
          timers[number].deadline = moment
          heap.schedule(timers[number])
          model[number] = moment.nanoseconds
        case 6:
          timers[number].deadline = .never
          model[number] = nil
        case 7:
          timers[number].deadline = .never
          heap.remove(timers[number])
          model[number] = nil
        default:
          now = now.adding(nanoseconds: .random(in: 1..<200, using: &random))
          let due = model.filter { $0.value <= now.nanoseconds }.sorted { $0.value < $1.value }
          var order: [UInt64] = []
          log.entries = []
          while let timer = heap.popDue(now) {
            if timer.isArmed { order.append(timer.deadline.nanoseconds) }
            timer.fire()
          }
          for (number, _) in due { model[number] = nil }
          guard Set(log.entries) == Set(due.map(\.key)), order == due.map(\.value) else {
            return "seed \(seed), step \(step): \(log.entries) fired, \(due) were due"
          }
        }
      }
      return nil
    }
    #expect(mismatch == nil)
    loop.stop()
  }
}

private final class Log {
  var entries: [Int] = []
  var timer: Timer?
}

private func wait(on loop: EventLoop, milliseconds: Int) async {
  try? await loop.sleep(for: .milliseconds(milliseconds))
}

/// A small generator whose sequence is its seed's alone.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
