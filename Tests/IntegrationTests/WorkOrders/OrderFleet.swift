// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Synchronization
import Testing

/// Several servers of one deployment, any of which may be killed at any moment; another takes its place.
final class OrderFleet: Sendable {
  private let deployment: Deployment
  private let servers: Mutex<[Server]>

  init(_ deployment: Deployment, servers count: Int) throws {
    self.deployment = deployment
    servers = Mutex(try (0..<count).map { _ in try deployment.another() })
  }

  var ports: [UInt16] { servers.withLock { $0.map(\.port) } }

  /// Kills one of them.
  func kill(_ place: Int) {
    let server = servers.withLock { $0[place] }
    _ = server.program.end(by: SIGKILL)
  }

  /// Has another one serve in the place of one that was killed.
  func replace(_ place: Int) throws {
    let server = try deployment.another()
    servers.withLock { $0[place] = server }
  }

  func end() {
    for server in servers.withLock({ $0 }) { _ = server.program.end(by: SIGKILL) }
  }

  /// Sends a request to one server or another until one answers what is to be made of it.
  ///
  /// - Throws: when for a minute nobody does.
  func insist(_ token: String, _ send: (Caller) throws -> Caller.Answer) throws -> Caller.Answer {
    for _ in 0..<3000 {
      let port = ports.randomElement() ?? deployment.port
      // A server that is killed answers nothing, one without a database 503: whether it was done is not known.
      if let answer = try? send(Caller(port: port, token: token)), answer.status != 503 { return answer }
      usleep(20_000)
    }
    throw Command.Failure(description: "nobody answers")
  }
}
