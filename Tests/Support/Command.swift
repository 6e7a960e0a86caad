// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A program run to its end, with what it printed.
package struct Command: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  /// The exit status; 128 + n when signal n ended it.
  package let status: Int32
  package let output: String

  /// Runs a program and waits for it; what it writes to standard output is kept, its errors go where the test's go when it has ended.
  ///
  /// - Parameters:
  ///   - arguments: the program's path and its arguments.
  ///   - input: what it reads from standard input.
  ///   - patience: seconds after which it is killed, with what it started.
  /// - Throws: `Failure` when it cannot be started, or has not ended in time.
  package static func run(_ arguments: [String], input: String = "", patience: Int = 600) throws -> Command {
    // A program that ends before it has read all must not end the test.
    signal(SIGPIPE, SIG_IGN)
    // Not the test's own standard error: something that the program leaves behind would hold it, and whoever runs the tests wait for its end.
    var name = Array("/tmp/jiesu-errors-XXXXXX".utf8CString)
    let errors = mkstemp(&name)
    guard errors >= 0 else { throw Failure(description: "no file for errors") }
    unlink(name)
    defer {
      lseek(errors, 0, SEEK_SET)
      let text = readAll(from: errors)
      _ = text.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      close(errors)
    }
    let (process, toIt, fromIt) = try spawning.withLock { _ in try spawn(arguments, errors: errors) }
    defer { close(fromIt) }
    // A few lines, less than a pipe holds: no need to read meanwhile.
    _ = input.withCString { write(toIt, $0, strlen($0)) }
    close(toIt)
    var reading = Reading(of: process, from: fromIt)
    guard let status = reading.status(within: patience) else {
      throw Failure(description: "had not ended after \(patience) s: \(arguments.joined(separator: " "))\n\(reading.text)")
    }
    return Command(status: status, output: reading.text)
  }

  /// What a shell makes of the status that `waitpid` gives.
  static func exitStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }

  /// One at a time: a program that another thread starts would else hold on to the ends of these pipes.
  private static let spawning = Mutex(())

  private static func spawn(_ arguments: [String], errors: Int32) throws -> (process: pid_t, input: Int32, output: Int32) {
    var output: [Int32] = [0, 0]
    var input: [Int32] = [0, 0]
    guard pipe(&output) == 0, pipe(&input) == 0 else { throw Failure(description: "no pipe") }
    defer {
      close(output[1])
      close(input[0])
    }
    for end in output + input { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    do {
      return (try spawn(arguments, &actions, isApart: true), input[1], output[0])
    } catch {
      close(output[0])
      close(input[1])
      throw error
    }
  }

  /// - Parameter isApart: whether it gets a group of its own, so that what it starts can be ended with it.
  private static func spawn(_ arguments: [String], _ actions: inout posix_spawn_file_actions_t, isApart: Bool = false) throws -> pid_t {
    var process = pid_t()
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // Nothing else of the test's: a server that goes on would hold the pipes of its sanitizer, whose helper then never ends.
    // What is not open is passed over.
    for file in 3..<Int32(1024) { posix_spawn_file_actions_addclose(&actions, file) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    if isApart { posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP)) }
    let code = posix_spawnp(&process, arguments[0], &actions, &attributes, words, environ)
    guard code == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(code)))") }
    return process
  }

  /// Starts a program and does not wait for it; it reads nothing, and what it prints goes to a file.
  static func start(_ arguments: [String], log: String) throws -> pid_t {
    try spawning.withLock { _ in
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
      return try spawn(arguments, &actions)
    }
  }

  private static func readAll(from file: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file, &chunk, chunk.count)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// What a program writes until it ends; what it started and left behind may hold its end of the pipe for ever.
  private struct Reading {
    private let process: pid_t
    private let file: Int32
    private var bytes: [UInt8] = []

    init(of process: pid_t, from file: Int32) { (self.process, self.file) = (process, file) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads until the program has ended and nobody holds the pipe any more, the latter for five seconds at most.
    ///
    /// - Returns: the exit status; nil when it had to be killed.
    mutating func status(within seconds: Int) -> Int32? {
      var (ended, isOpen): (Int32?, Bool) = (nil, true)
      var deadline = monotonicSeconds() + seconds
      while isOpen || ended == nil {
        // A pipe says when something comes; an end is looked for ten times a second.
        if isOpen { isOpen = more(within: 100) } else { usleep(2000) }
        if ended == nil {
          var status: Int32 = 0
          if waitpid(process, &status, WNOHANG) == process {
            ended = exitStatus(status)
            deadline = monotonicSeconds() + 5
          }
        }
        if monotonicSeconds() >= deadline {
          kill(-process, SIGKILL)
          if ended == nil { waitpid(process, nil, 0) }
          break
        }
      }
      return ended
    }

    /// Takes what is there; false at the end.
    private mutating func more(within milliseconds: Int32) -> Bool {
      var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      guard poll(&wanted, 1, milliseconds) > 0 else { return true }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = read(file, &chunk, chunk.count)
      if count > 0 { bytes += chunk[..<count] }
      return count > 0 || count < 0 && errno == EINTR
    }
  }
}
