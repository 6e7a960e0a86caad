// SPDX-License-Identifier: Apache-2.0

/// A sleep that others may end early.
// Unchecked: touched on the loop's thread only, to which ringing and cancelling, which happen anywhere, merely go.
package final class Alarm: @unchecked Sendable {
  private let loop: EventLoop
  /// Of whoever sleeps: whether the task was cancelled.
  private var end: OneShot<Bool>?
  private var isRung = false

  package init(on loop: EventLoop) { self.loop = loop }

  /// Ends the sleep, or where nobody sleeps the next one at once; from any thread.
  package func ring() {
    loop.execute { [self] in
      isRung = true
      end?.complete(false)
    }
  }

  /// Suspends for `duration`, or until somebody rings. Only one task may.
  ///
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  package func sleep(for duration: Duration) async throws(CancellationError) {
    let isCancelled = await loop.run { [self] in
      let nap = OneShot<Bool>()
      end = nap
      if isRung { nap.complete(false) }
      let timer = Timer(on: loop) { nap.complete(false) }
      timer.arm(at: Moment.read() + duration)
      let isCancelled = await withTaskCancellationHandler {
        await nap.value()
      } onCancel: {
        loop.execute { [self] in end?.complete(true) }
      }
      timer.cancel()
      (end, isRung) = (nil, false)
      return isCancelled
    }
    if isCancelled { throw CancellationError() }
  }
}
