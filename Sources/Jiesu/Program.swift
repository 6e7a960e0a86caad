// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc

/// The program: reads the command line, runs one command, exits with its code.
@main
struct Program {
  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    // Before there is a second thread, which would not inherit it.
    ProcessSignals.hold(words.first == "serve" ? [SIGTERM, SIGINT] : [])
    exit(await run(words, Environment.variables()).rawValue)
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
