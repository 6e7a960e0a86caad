// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Synchronization
import Testing

/// The program as people run it, on a database of its own that has the offices of the repository: its commands, its server, those who sign in.
final class Deployment: Sendable {
  let database: TestDatabase
  /// Where the program keeps its passwords, and the server its log; removed at the end.
  let state: String
  private let server: Mutex<Server>
  private let tokens = Mutex<[String: String]>([:])
  private let passwords = Mutex<[String: String]>([:])

  /// The deployment of the suite that the test belongs to.
  @TaskLocal static var suites: Deployment?

  /// The deployment that the trait `deployment` made for the suite.
  static var current: Deployment {
    get throws { try #require(suites, "the suite lacks the trait deployment") }
  }

  private init(_ database: TestDatabase, clock: Instant?) throws {
    self.database = database
    state = try Self.temporaryDirectory()
    if clock != nil {
      // The people were added today; they are to be there whatever the clock says.
      try database.sql("UPDATE membership SET valid_from = '2000-01-01'")
    }
    try Self.write(clockShift: clock.map { Self.shift(to: $0) } ?? 0, to: state)
    server = Mutex(try Server(Self.served(database, state), log: state + "/log"))
  }

  // MARK: Time

  /// Moves the server's clock so that it says `instant` now, and goes on from there; whoever is signed in may find the session over.
  func setClock(to instant: Instant) throws {
    try Self.write(clockShift: Self.shift(to: instant), to: state)
    tokens.withLock { $0 = [:] }
  }

  /// Stops the server's clock at `instant` until it is set again; whoever is signed in may find the session over.
  func stopClock(at instant: Instant) throws {
    try Self.write(clockShift: 0, standing: instant.microseconds, to: state)
    tokens.withLock { $0 = [:] }
  }

  /// By how many microseconds a clock is ahead that says `instant` now.
  private static func shift(to instant: Instant) -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return instant.microseconds - (Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  private static func write(clockShift: Int64, standing: Int64 = 0, to state: String) throws {
    let descriptor = open(state + "/clock", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let words = [clockShift.littleEndian, standing.littleEndian]
    // One write: a reader sees the old clock or the new one.
    guard descriptor >= 0, pwrite(descriptor, words, 16, 0) == 16 else { throw Command.Failure(description: "the clock cannot be set") }
  }

  /// Makes a database with the offices, serves it, runs `body`, and takes all away again.
  ///
  /// - Parameter clock: what the server's clock says when it starts; the wall clock's time unless told.
  static func with(cluster: Cluster? = nil, clock: Instant? = nil, _ body: @Sendable (Deployment) async throws -> Void) async throws {
    try await TestDatabase.with(cluster: cluster, template: Offices.template(of:)) { database in
      let deployment = try Deployment(database, clock: clock)
      defer { deployment.end() }
      try await body(deployment)
    }
  }

  private func end() {
    let status = server.withLock { server in server.program.isRunning ? server.program.end(by: SIGTERM) : 0 }
    #expect(status == 0, "a server that is told to stop stops")
    _ = try? Command.run(["rm", "-rf", state])
  }

  // MARK: Commands

  /// The settings that lead a command to a database.
  static func settings(_ cluster: Cluster, _ database: String, _ state: String) -> [String] {
    ["--database-host", cluster.socketDirectory, "--database-name", database, "--state", state]
  }

  /// Those, and a clock that the tests move.
  private static func served(_ database: TestDatabase, _ state: String) -> [String] {
    // No test may depend on how busy the machine is; a cluster that a test kills will not answer, however long one waits.
    let patience = database.cluster.isShared ? ["--database-patience", "120000", "--database-statement-timeout", "120000"] : []
    return settings(database.cluster, database.name, state) + ["--clock-shift", state + "/clock"] + patience
  }

  /// Starts another server beside the one that is there, to be ended by whoever asked for it.
  func another(_ settings: String...) throws -> Server {
    try Server(Self.served(database, state) + settings, log: state + "/log-\(Self.counter.add(1, ordering: .relaxed).newValue)")
  }

  private static let counter = Atomic(0)

  /// Runs `jiesu` with these words.
  func jiesu(_ words: String...) throws -> Command {
    try Command.run([Self.program] + words + Self.settings(database.cluster, database.name, state))
  }

  /// The program, which is built into the same directory as the tests.
  static let program: String = {
    guard let path = realpath("/proc/self/exe", nil) else { return "jiesu" }
    defer { free(path) }
    return String(String(cString: path).reversed().drop { $0 != "/" }.reversed()) + "jiesu"
  }()

  static func temporaryDirectory() throws -> String {
    var path = Array("/tmp/jiesu-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&path) else { throw Command.Failure(description: "no temporary directory") }
    return String(cString: made)
  }

  // MARK: The server

  var port: UInt16 { server.withLock { $0.port } }

  /// Kills the server as a crash would.
  func crashServer() { server.withLock { _ = $0.program.end(by: SIGKILL) } }

  /// Starts a server in the place of one that has ended.
  func serve() throws {
    try server.withLock { $0 = try Server(Self.served(database, state), log: state + "/log") }
  }

  // MARK: People

  /// Nobody in particular.
  var stranger: Caller { Caller(port: port, token: nil) }

  /// Adds somebody who signs in with a role in an office.
  ///
  /// - Parameter department: the unit that the role is limited to.
  func addUser(_ login: String, of organisation: String, _ tenant: String, _ role: String, department: String? = nil) throws {
    let file = "\(state)/password-\(login)"
    let added = try Command.run(
      [Self.program, "user", "add", login, "--name", login, "--organisation", organisation, "--tenant", tenant, "--role", role, "--json"]
        + (department.map { ["--department", $0] } ?? []) + Self.settings(database.cluster, database.name, state))
    try #require(added.status == 0, "\(added.output)")
    let password = try Command.run(["/bin/cat", file]).output.split(separator: "\n").first.map(String.init)
    passwords.withLock { $0[login] = password }
  }

  /// A session of the demonstration's people that lasts so many hours by the server's clock.
  func signIn(_ login: String, hours: Int64) throws -> String {
    let password = try #require(passwords.withLock { $0[login] } ?? Offices.password(of: login, in: database.cluster), "\(login)")
    let opened = try stranger.post("/v1/session", ["login": .string(login), "password": .string(password), "hours": .integer(hours)])
    return try #require(opened.json["token"]?.string, "\(login): \(opened.text)")
  }

  /// Somebody who has signed in, the demonstration's people by their login: `anding.leader`.
  func caller(_ login: String, password: String? = nil) throws -> Caller {
    if let token = tokens.withLock({ $0[login] }) { return Caller(port: port, token: token) }
    let known = password ?? passwords.withLock { $0[login] } ?? Offices.password(of: login, in: database.cluster)
    let password = try #require(known, "nobody signs in as \(login)")
    let opened = try stranger.post("/v1/session", ["login": .string(login), "password": .string(password)])
    let token = try #require(opened.json["token"]?.string, "\(login): \(opened.text)")
    tokens.withLock { $0[login] = token }
    return Caller(port: port, token: token)
  }
}

/// Gives a suite one deployment for all its tests: they must not get in each other's way.
struct DeploymentTrait: SuiteTrait, TestScoping {
  /// A server and its test hold some twenty connections; the cluster has six hundred.
  private static let places = Turnstile(12)

  let clock: Instant?

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
    try await Self.places.pass {
      try await BlockingThreads.run {
        try await Deployment.with(clock: clock) { deployment in
          try await Deployment.$suites.withValue(deployment) { try await body() }
        }
      }
    }
  }
}

extension Trait where Self == DeploymentTrait {
  static var deployment: Self { DeploymentTrait(clock: nil) }

  /// The same, the server's clock saying `instant` from the start: what has passed by then, it finds when it first looks.
  static func deployment(at instant: String) -> Self { DeploymentTrait(clock: Instant(instant)) }
}

/// `jiesu serve` as a process, on a port that the kernel chose.
struct Server: Sendable {
  let program: RunningProgram
  let port: UInt16

  /// Starts it and waits until it listens.
  init(_ settings: [String], log: String) throws {
    let program = try RunningProgram(
      [Deployment.program, "serve", "--listen", "127.0.0.1:0", "--loops", "2", "--database-write-connections", "2"] + settings,
      log: log)
    // It says where it listens in its first lines.
    var found: UInt16?
    try wait(for: "a server that listens") {
      let address = try program.printed.split(separator: "\n").lazy
        .compactMap { try? JSON.parse(Array($0.utf8)) }.first { $0["event"]?.string == "listening" }?["address"]?.string
      found = address?.split(separator: ":").last.flatMap { UInt16($0) }
      if found == nil, !program.isRunning { throw Command.Failure(description: "the server ended: \(try program.printed)") }
      return found != nil
    }
    port = try #require(found)
    self.program = program
  }
}
