// SPDX-License-Identifier: Apache-2.0
import API
import Base
import EventLoop
import Glibc
import HTTP
import HTTPServer
import Postgres
import Store
import Synchronization

extension Command {
  static let serve = Command(
    words: ["serve"], says: Text(zh: "启动服务；SIGTERM 或 SIGINT 平稳停止", en: "serve; SIGTERM or SIGINT stop it gracefully")
  ) { _, configuration in
    try await Server(configuration).run()
    return .success
  }
}

/// The server: the loops, the database, the routes, the listeners, put together.
private struct Server {
  let configuration: Configuration
  let log: Log
  let clock: Clock
  let database: Database
  let passwords: Passwords
  let calculations: Calculations
  let files: FileVault
  let health: Health
  let works: [DueWork]
  let timers: TimerMetrics
  let http: HTTPServer
  let schema: SchemaGate

  init(_ configuration: Configuration) throws {
    let log = Log.standard(configuration)
    let clock = try Clock(configuration)
    let cache = AccessCache()
    let loops = configuration.integer(.loops)
    let database = try Database(
      configuration, loops: loops > 0 ? loops : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2), as: .server, cache: cache, log: log)
    let passwords = try Passwords()
    let calculations = try Calculations()
    let identities = Identities()
    let schema = try SchemaGate(configuration)
    let dossiers = DossierReader()
    let citizens = try CitizenKeys { try MasterKeys.read(configuration) }
    let streams = OpenStreams()
    let feeds = FeedFetches()
    let files = try FileVault(directory: Self.attachments(configuration))
    let clocks = ClockKeeper()
    let orders = OrderMemory()
    let marked = Alarm(on: database.loops[0])
    let works = DueWork.all(identities, clocks, marked: marked, log: log)
    let timers = TimerMetrics(works)
    let numbers = Numbers(timers)
    let health = Health { await numbers.text(database) }
    let services = database.lanes.map { lanes in
      Services(
        lanes: lanes, identities: identities, access: cache, passwords: passwords, calculations: calculations,
        sessionHours: configuration.integer(.sessionHours), health: health, dossiers: dossiers, citizens: citizens, clocks: clocks,
        files: files, orders: orders, clock: clock.now, streams: streams, feeds: feeds, attendanceDue: marked.ring,
        templates: { try Files.roles(configuration) }, schema: schema.needed
      )
    }
    let answers = try services.map { services in
      (
        services.lanes.loop,
        Service(
          router: try Router(RouteTable.all(services)), gatekeeper: Gatekeeper(lanes: services.lanes, cache: cache), clock: clock.now,
          log: log, explain: Problem.explaining)
      )
    }
    var listening = try Self.listening(configuration)
    if let (_, service) = answers.first { listening.limits.streamed = { service.streamed($0, $1) } }
    let http: HTTPServer
    do {
      http = try HTTPServer(configuration: listening, loops: database.loops) { request in
        // A request is answered by the part that belongs to the loop it came to.
        let service = answers.first { $0.0.isCurrent } ?? answers[0]
        return await service.1.respond(request)
      }
    } catch {
      let place = configuration.text(.listen)
      throw Self.listenFault("unavailable", Text(zh: "无法监听 \(place)：\(error)", en: "cannot listen on \(place): \(error)"))
    }
    numbers.read(http)
    (self.configuration, self.log, self.clock, self.database) = (configuration, log, clock, database)
    self.files = files
    (self.passwords, self.calculations, self.health, self.works) = (passwords, calculations, health, works)
    (self.timers, self.http) = (timers, http)
    self.schema = schema
  }

  /// Serves until a signal comes, then answers what has begun and ends.
  func run() async throws {
    database.open()
    let result: Result<Void, any Error>
    do {
      result = .success(try await serve())
    } catch {
      result = .failure(error)
    }
    await database.disconnect()
    try result.get()
  }

  private func serve() async throws {
    let stopped = AsyncStream.makeStream(of: Int32.self)
    let loop = database.loops[0]
    try await loop.run { () throws(SystemError) in
      // The loop keeps it for as long as it runs.
      _ = try ProcessSignals([SIGTERM, SIGINT], on: loop) { stopped.continuation.yield($0) }
    }
    if clock.isShifted { log.write(.warning, "clock-shifted", [:]) }
    try await schema.check(database.lanes[0], log)
    await http.start()
    let housekeeping = Housekeeping(lanes: database.lanes[0], files: files, log: log, clock: clock)
    let tidying = loop.task { await housekeeping.run() }
    let timekeeper = Timekeeper(
      lanes: database.lanes[0], lane: database.timers, works: works, pause: .milliseconds(configuration.integer(.timerInterval)),
      clock: clock, log: log, metrics: timers)
    let timekeeping = loop.task { await timekeeper.run() }
    for address in http.addresses { log.write(.info, "listening", ["address": .identifier("\(address)")]) }
    for await signal in stopped.stream {
      log.write(.info, "stopping", ["signal": .integer(Int64(signal))])
      break
    }
    health.startDraining()
    let cut = await http.drain(within: .seconds(configuration.integer(.drain)))
    tidying.cancel()
    timekeeping.cancel()
    passwords.stop()
    calculations.stop()
    files.stop()
    log.write(.info, "stopped", ["cut": .integer(Int64(cut))])
  }

  private static func attachments(_ configuration: Configuration) -> String {
    let directory = configuration.text(.attachments)
    return directory.isEmpty ? configuration.text(.state) + "/attachments" : directory
  }

  private static func listenFault(_ code: String, _ detail: Text) -> Faults {
    Faults([Fault(pointer: "/listen", code: code, detail: detail)])
  }

  private static func listening(_ configuration: Configuration) throws -> ServerConfiguration {
    let text = configuration.text(.listen)
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw listenFault("bad-format", Text(zh: "listen 须为 地址:端口", en: "listen must be address:port"))
    }
    let host = String(text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" })
    var server = ServerConfiguration(addresses: try SocketAddress.resolve(host: host, port: port))
    server.limits.body = configuration.integer(.bodyLimit)
    server.headerTimeout = .seconds(configuration.integer(.headerTimeout))
    server.idleTimeout = .seconds(configuration.integer(.idleTimeout))
    return server
  }
}

/// What the metrics are read from; the server is there only after the routes that show them.
private final class Numbers: Sendable {
  private let http = Mutex<HTTPServer?>(nil)
  private let timers: TimerMetrics

  init(_ timers: TimerMetrics) { self.timers = timers }

  func read(_ server: HTTPServer) { http.withLock { $0 = server } }

  func text(_ database: Database) async -> String {
    guard let server = http.withLock({ $0 }) else { return "" }
    var reads: [Lanes.Status] = []
    var writes: [Lanes.Status] = []
    for lanes in database.lanes {
      reads.append(await lanes.readStatus())
      writes.append(await lanes.writeStatus())
    }
    return Metrics.text(await server.metrics(), reads: reads, writes: writes, timers: timers)
  }
}
