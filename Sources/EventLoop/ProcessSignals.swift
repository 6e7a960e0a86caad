// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// Signals of the operating system as events of a loop.
package final class ProcessSignals {
  private let registration: Registration
  private let descriptor: Int32

  /// Keeps the signals from ending the process, in this thread and those it starts from now on; the first thing a server does.
  ///
  /// `SIGPIPE` is ignored besides: a write to a connection that is gone is an error of that write.
  package static func hold(_ numbers: [Int32]) {
    var set = signalSet(numbers)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Calls `action` with the number of each signal that arrives, on the loop's thread; the signals must be held.
  package init(_ numbers: [Int32], on loop: EventLoop, _ action: @escaping (Int32) -> Void) throws(SystemError) {
    var set = ProcessSignals.signalSet(numbers)
    let descriptor = try SystemError.check("signalfd", signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK)))
    self.descriptor = descriptor
    registration = loop.register(descriptor, interest: .readable) { _ in
      var info = signalfd_siginfo()
      let size = MemoryLayout<signalfd_siginfo>.size
      while read(descriptor, &info, size) == size { action(Int32(info.ssi_signo)) }
    }
  }

  /// Stops listening; the signals stay held.
  package func close() {
    guard !registration.isCancelled else { return }
    registration.cancel()
    Glibc.close(descriptor)
  }

  private static func signalSet(_ numbers: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    return set
  }
}
