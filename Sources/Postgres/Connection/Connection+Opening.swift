// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
import EventLoop
import Glibc

extension Connection {
  /// Starts an attempt, unless there is a connection or one in the making.
  func open() {
    guard state == .closed else { return }
    reopening.disarm()
    state = .opening
    attempt += 1
    openingLimit.arm(at: Moment.read() + configuration.openingLimit)
    if configuration.host.hasPrefix("/") {
      connect(to: nil)
    } else {
      resolve()
    }
  }

  /// Finds the host's addresses on another thread: the resolver blocks, also inside libpq.
  private func resolve() {
    let (host, port, attempt) = (configuration.host, configuration.port, attempt)
    do {
      try offload.detach { [self] in
        let addresses = Result { try SocketAddress.resolve(host: host, port: port) }
        loop.execute { [self] in
          guard attempt == self.attempt else { return }
          switch addresses {
          case .success(let addresses): connect(to: addresses.map(\.host))
          case .failure(let error): refuse("\(error)")
          }
        }
      }
    } catch {
      refuse("no thread to look the host up")
    }
  }

  private func connect(to addresses: [String]?) {
    let parameters = connectionParameters(addresses)
    let keywords = parameters.map { strdup($0.0) } + [nil]
    let values = parameters.map { strdup($0.1) } + [nil]
    defer { for text in keywords + values { free(text) } }
    let constantKeywords = keywords.map { UnsafePointer($0) }
    let constantValues = values.map { UnsafePointer($0) }
    guard let connection = PQconnectStartParams(constantKeywords, constantValues, 0) else { return refuse("out of memory") }
    self.connection = connection
    // libpq would print them, and they may hold data.
    PQsetNoticeReceiver(connection, { _, _ in }, nil)
    guard PQstatus(connection) != CONNECTION_BAD else { return refuse(lastMessage) }
    watchOpening(.writable)
  }

  private func connectionParameters(_ addresses: [String]?) -> [(String, String)] {
    var parameters = [
      ("dbname", configuration.database), ("user", configuration.user), ("application_name", configuration.applicationName),
      ("client_encoding", "UTF8"), ("options", session.options), ("gssencmode", "disable"),
    ]
    if let password = configuration.password { parameters.append(("password", password)) }
    if let addresses {
      parameters.append(("hostaddr", addresses.joined(separator: ",")))
      parameters.append(("host", addresses.map { _ in configuration.host }.joined(separator: ",")))
      parameters += [("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3")]
    } else {
      parameters.append(("host", configuration.host))
    }
    parameters.append(("port", String(configuration.port)))
    switch configuration.encryption {
    case .none: parameters.append(("sslmode", "disable"))
    case .required: parameters.append(("sslmode", "require"))
    case .verified(let certificates): parameters += [("sslmode", "verify-full"), ("sslrootcert", certificates)]
    }
    return parameters
  }

  private func watchOpening(_ interest: Readiness) {
    registration = loop.register(PQsocket(connection), interest: interest) { [unowned self] _ in poll() }
  }

  private func poll() {
    // libpq may close its socket here and make another with the same number, of which epoll would know nothing.
    registration?.cancel()
    registration = nil
    switch PQconnectPoll(connection) {
    case PGRES_POLLING_READING: watchOpening(.readable)
    case PGRES_POLLING_WRITING: watchOpening(.writable)
    case PGRES_POLLING_OK: greet()
    default: refuse(lastMessage)
    }
  }

  func refuse(_ reason: String) {
    drop(.unavailable, .refused(reason: reason))
  }

  private var lastMessage: String {
    guard let message = PQerrorMessage(connection) else { return "no reason given" }
    return String(cString: message).split(separator: "\n").joined(separator: " ")
  }

  // MARK: Greeting

  private static let contextSetting: SQL = "SELECT set_config('jiesu.tenant', $1, true)"
  private static let onceSetting: SQL =
    "SELECT set_config('jiesu.tenant', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)"
  private static let hasCitus: SQL = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"
  /// Citus then passes `SET LOCAL` in a block on to its workers, and so the context; plain PostgreSQL takes it for a setting of ours.
  private static let propagation: SQL = "SET citus.propagate_set_commands = 'local'"

  /// What sets the tenant for one transaction, and how its statements are planned.
  func contextStatement(_ planning: Planning) -> Prepared? {
    switch planning {
    case .asSeen: prepared[Connection.contextSetting]
    case .once: prepared[Connection.onceSetting]
    }
  }

  private func greet() {
    guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { return refuse(lastMessage) }
    state = .greeting
    registration = loop.register(PQsocket(connection), interest: .readable) { [unowned self] ready in become(ready) }
    var statements = session.channels.map { Statement(SQL(interning: "LISTEN \"\($0)\"")) }
    statements.append(Statement(Connection.hasCitus))
    statements.append(Statement(Connection.onceSetting, [.text("")]))
    statements.append(Statement(Connection.contextSetting, [.text("")]))
    ask(statements) { [unowned self] answer in
      let citus = answer.moreRows.dropLast(2).last ?? answer.rows
      let isCitus = citus.flatMap { try? $0[0].bool(0) } ?? false
      form = configuration.form ?? (isCitus ? .block : .implicit)
      guard form == .block else { return welcome() }
      ask([Statement(Connection.propagation)]) { [unowned self] _ in welcome() }
    }
  }

  /// Sends statements of the greeting; a failure is a failed attempt.
  private func ask(_ statements: [Statement], then proceed: @escaping (Request) -> Void) {
    let request = Request(.statements, .several(statements))
    request.completion = { [unowned self] request in
      // A connection that is lost has been dropped already.
      guard state == .greeting else { return }
      guard request.failure == nil else { return refuse("the server did not answer the greeting: \(request.failure!)") }
      proceed(request)
    }
    send(request)
  }

  private func welcome() {
    state = .ready
    pause = configuration.firstPause
    plansAge = configuration.plansKept.lowerBound.wholeNanoseconds
    plansEnd = loop.now.adding(nanoseconds: plansAge)
    openingLimit.disarm()
    report(.opened)
    onChange()
  }
}
