// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc

/// The program: reads the command line, runs one command, exits with its code.
@main
struct Program {
  // Not `async`: that would end the main thread in Dispatch, which waits there with every signal let through.
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    let environment = Environment.variables()
    // Before there is a second thread, which would not inherit it.
    ProcessSignals.hold(words.first == "serve" ? [SIGTERM, SIGINT] : [])
    // At once: `exit` would take apart what other threads still use. Nothing is held back to be written.
    Task.detached { _exit(await run(words, environment).rawValue) }
    while true { pause() }
  }

  private static func run(_ words: [String], _ environment: [String: String]) async -> ExitCode {
    let command: Command
    let invocation: Invocation
    do {
      (command, invocation) = try Invocation.read(words, environment)
    } catch {
      return Report.failure(error, in: .zh)
    }
    let configuration: Configuration
    do {
      configuration = try Configuration(flags: invocation.flags, environment: environment, readFile: Files.read)
    } catch {
      _ = Report.failure(error, in: invocation.language)
      return .configuration
    }
    do {
      return try await command.run(invocation, configuration)
    } catch {
      return Report.failure(error, in: invocation.language)
    }
  }
}
