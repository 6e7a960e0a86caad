// SPDX-License-Identifier: Apache-2.0

/// The serial executor of an ``EventLoop``: `nonisolated var unownedExecutor` of an actor that lives on the loop returns it.
///
/// It is a type of its own because both kinds of executor get their jobs through a method of the same name, and a job must be run as the kind
/// of executor it was enqueued on.
package final class LoopIsolation: SerialExecutor {
  // Unowned: the loop owns its isolation.
  private unowned let loop: EventLoop

  init(loop: EventLoop) {
    self.loop = loop
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    loop.add(.isolated(UnownedJob(job)))
  }

  package func checkIsolated() {
    loop.preconditionCurrent()
  }
}
