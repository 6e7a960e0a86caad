// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Testing

@Suite("Sleeps that others end")
struct AlarmTests {
  @Test("whoever rings ends the sleep; what is rung while nobody sleeps ends the next one at once, and no more than that")
  func rung() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let alarm = Alarm(on: loop)
    alarm.ring()
    alarm.ring()
    // Looked at on the loop, since the way back to the test may be as long as other tests make it: a sleep of an hour that was not ended has
    // not ended here.
    let (rung, quiet) = try await loop.run {
      let start = Moment.read()
      try await alarm.sleep(for: .seconds(3600))
      let middle = Moment.read()
      // Nobody rang since.
      try await alarm.sleep(for: .milliseconds(30))
      return (middle.since(start), Moment.read().since(middle))
    }
    #expect(rung < .seconds(3600) && quiet >= .milliseconds(30))
    async let slept: Void = alarm.sleep(for: .seconds(60))
    try await loop.sleep(for: .milliseconds(20))
    alarm.ring()
    try await slept
  }

  @Test("a sleep ends with its task")
  func cancelled() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let alarm = Alarm(on: loop)
    let sleeper = Task { try await alarm.sleep(for: .seconds(60)) }
    try await loop.sleep(for: .milliseconds(20))
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }
}
