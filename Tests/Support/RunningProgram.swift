// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A program that runs beside the test until it is ended, what it prints going to a file.
package final class RunningProgram: Sendable {
  package let process: pid_t
  /// The file that has what it wrote to standard output and standard error.
  package let log: String
  private let ended = Mutex<Int32?>(nil)

  /// - Parameter arguments: the program's path and its arguments.
  /// - Throws: `Command.Failure` when it cannot be started.
  package init(_ arguments: [String], log: String) throws {
    self.log = log
    process = try Command.start(arguments, log: log)
  }

  deinit { end(by: SIGKILL) }

  /// What it has written so far.
  package var printed: String {
    get throws { try Command.run(["/bin/cat", log]).output }
  }

  package var isRunning: Bool { status(WNOHANG) == nil }

  /// Sends a signal and waits for the end; whoever has not ended a minute later is killed.
  ///
  /// - Returns: the exit status; 128 + n when signal n ended it.
  @discardableResult
  package func end(by signal: Int32) -> Int32 {
    if isRunning { kill(process, signal) }
    let deadline = monotonicSeconds() + 60
    while isRunning, monotonicSeconds() < deadline { usleep(1000) }
    if isRunning { kill(process, SIGKILL) }
    return status(0) ?? -1
  }

  private func status(_ options: Int32) -> Int32? {
    ended.withLock { ended in
      if let ended { return ended }
      var status: Int32 = 0
      var found = waitpid(process, &status, options)
      while found < 0, errno == EINTR { found = waitpid(process, &status, options) }
      guard found == process else { return nil }
      ended = Command.exitStatus(status)
      return ended
    }
  }
}
