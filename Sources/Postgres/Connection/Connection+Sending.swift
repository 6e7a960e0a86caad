// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
import EventLoop
import Glibc

extension Connection {
  /// Sends a request behind those under way; the last command's Sync makes libpq write.
  func send(_ request: Request) {
    if requests.isEmpty { silence.arm(at: loop.now.adding(nanoseconds: silenceLimit)) }
    requests.append(request)
    askForTurnEnd()
    switch request.kind {
    case .transaction(let context, let access):
      switch (form, context, request.statements) {
      case (.block, .tenant, _), (.block, .platform, .several): sendBlock(request, context, access)
      default: sendImplicit(request, context)
      }
    case .begin(let context, let options): sendBegin(context, options)
    case .statements:
      sendStatements(request)
      sync(.end)
    case .enter(let context):
      sendContext(context)
      sync(.end)
    case .commit:
      execute(Statement("COMMIT"), .commit)
      sync(.end)
    case .rollback:
      execute(Statement("ROLLBACK"), .silent)
      sync(.end)
    }
  }

  private func sendImplicit(_ request: Request, _ context: Context) {
    renewPlans()
    sendContext(context, request.planning)
    sendStatements(request)
    sync(.end)
  }

  /// The Sync before the COMMIT is what keeps an error here from those that come behind: an error skips everything up to the next Sync, and that
  /// must not be the COMMIT.
  private func sendBlock(_ request: Request, _ context: Context, _ access: Access) {
    execute(Statement(access == .write ? "BEGIN READ WRITE" : "BEGIN READ ONLY"), .silent)
    renewPlans()
    sendContext(context, request.planning)
    sendStatements(request)
    sync(.sync)
    execute(Statement("COMMIT"), .commit)
    sync(.end)
  }

  private func sendBegin(_ context: Context, _ options: BeginOptions) {
    let sql: SQL =
      switch (options.isolation, options.access) {
      case (.readCommitted, .write): "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
      case (.readCommitted, _): "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
      case (.repeatableRead, .write): "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"
      case (.repeatableRead, _): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
      case (.serializable, .write): "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
      case (.serializable, _): "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
      }
    execute(Statement(sql), .silent)
    renewPlans()
    if let timeout = options.statementTimeout { sendText("SET LOCAL statement_timeout = \(timeout.milliseconds)") }
    sendContext(context)
    sync(.end)
  }

  private func sendStatements(_ request: Request) {
    switch request.statements {
    case .none: break
    case .one(let statement): execute(statement, .statement)
    case .several(let statements): for statement in statements { execute(statement, .statement) }
    }
  }

  /// Has the server forget its plans, first after a short while, then after longer and longer ones (docs/decisions, "Plans have an age").
  ///
  /// A plan that was made on a small table stays as it is while the table grows, until statistics are gathered: it may go through all of it.
  private func renewPlans() {
    guard loop.now >= plansEnd else { return }
    plansAge = min(plansAge * 2, configuration.plansKept.upperBound.wholeNanoseconds)
    plansEnd = loop.now.adding(nanoseconds: plansAge)
    sendText("DISCARD PLANS")
  }

  // MARK: Commands

  private func sendContext(_ context: Context, _ planning: Planning = .asSeen) {
    guard case .tenant(let tenant) = context else { return }
    guard form == .implicit, let setting = contextStatement(planning), setting.isKnown else {
      // A typed number: its text is digits, and perhaps a sign.
      sendText("SET LOCAL jiesu.tenant = '\(tenant)'")
      if planning == .once { sendText("SET LOCAL plan_cache_mode = force_generic_plan") }
      return
    }
    write(tenant)
    var value: UnsafePointer<CChar>? = UnsafePointer(digits)
    if PQsendQueryPrepared(connection, setting.name, 1, &value, nil, nil, 1) == 0 { isBroken = true }
    steps.append(.silent)
  }

  /// Writes a number's digits where libpq finds them, ended by a NUL.
  private func write(_ tenant: Int32) {
    var place = 15
    digits[place] = 0
    var rest = tenant.magnitude
    repeat {
      place -= 1
      digits[place] = CChar(truncatingIfNeeded: UInt32(UInt8(ascii: "0")) + rest % 10)
      rest /= 10
    } while rest > 0
    if tenant < 0 {
      place -= 1
      digits[place] = CChar(UInt8(ascii: "-"))
    }
    memmove(digits, digits + place, 16 - place)
  }

  /// Sends a command that takes no values, without giving it a name; for texts with a number in them.
  private func sendText(_ text: String) {
    if PQsendQueryParams(connection, text, 0, nil, nil, nil, nil, 1) == 0 { isBroken = true }
    steps.append(.silent)
  }

  /// Sends a statement by the name it has on this connection; the first time it is given one.
  private func execute(_ statement: Statement, _ step: Step) {
    parameters.set(statement.binds)
    let count = Int32(parameters.count)
    if let known = prepared[statement.sql] {
      if known.isKnown, known.types == parameters.types {
        sendPrepared(known, count)
      } else if PQsendQueryParams(
        connection, statement.sql.cString, count, parameters.types, parameters.values, parameters.lengths, parameters.formats, 1) == 0
      {
        // Without a name: whether the server knows it is not said yet (what comes before it in the pipeline may fail), or it knows it with other types.
        isBroken = true
      }
    } else {
      preparedCount += 1
      let new = Prepared(statement.sql, number: preparedCount, types: parameters.types)
      prepared[statement.sql] = new
      if PQsendPrepare(connection, new.name, statement.sql.cString, count, parameters.types) == 0 { isBroken = true }
      steps.append(.prepare(new))
      sendPrepared(new, count)
    }
    steps.append(step)
  }

  private func sendPrepared(_ statement: Prepared, _ count: Int32) {
    let result = PQsendQueryPrepared(
      connection, statement.name, count, parameters.values, parameters.lengths, parameters.formats, 1)
    if result == 0 { isBroken = true }
  }

  private func sync(_ step: Step) {
    if PQpipelineSync(connection) == 0 { isBroken = true }
    steps.append(step)
  }
}
