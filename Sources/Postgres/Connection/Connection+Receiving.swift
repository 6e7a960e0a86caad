// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
import EventLoop
import Glibc

extension Connection {
  /// Hands out all answers that are in libpq's memory.
  func receive() {
    let before = requests.count
    var nulls = 0
    while let connection, !isBroken, let step = steps.first, PQisBusy(connection) == 0 {
      guard let result = PQgetResult(connection) else {
        // The end of what a command gave; twice in a row, libpq knows of no command where we do.
        nulls += 1
        if nulls > 2 { isBroken = true }
        if hasResult, !step.isSync { advance() }
        continue
      }
      nulls = 0
      take(result, step)
    }
    if !session.channels.isEmpty { receiveNotifications() }
    guard let connection else { return }
    if isBroken || PQstatus(connection) == CONNECTION_BAD {
      drop(.connectionLost, .lost(silent: false))
      return
    }
    guard requests.count != before else { return }
    if requests.isEmpty { silence.disarm() }
    replaceIfIdle()
    onChange()
  }

  /// Takes one result, which belongs to the first step.
  private func take(_ result: OpaquePointer, _ step: Step) {
    hasResult = true
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
      succeed(result, step)
      return
    case PGRES_PIPELINE_SYNC:
      guard step.isSync else {
        isBroken = true
        break
      }
      advance()
    case PGRES_PIPELINE_ABORTED:
      // Skipped because of an error before it in the same request, which has been noted there.
      forget(step)
    case PGRES_FATAL_ERROR:
      fail(result)
      forget(step)
    default:
      // COPY and the like, which no statement of ours starts.
      isBroken = true
    }
    PQclear(result)
  }

  private func succeed(_ result: OpaquePointer, _ step: Step) {
    guard let request = requests.first else {
      PQclear(result)
      isBroken = true
      return
    }
    switch step {
    case .statement:
      request.receive(Rows(owning: result))
      return
    case .prepare(let statement):
      statement.isKnown = true
    case .commit:
      // The COMMIT of a transaction that has failed succeeds, by undoing it.
      if strcmp(PQcmdStatus(result), "COMMIT") != 0 { request.fail(.rolledBack) }
    case .silent: break
    case .sync, .end: isBroken = true
    }
    PQclear(result)
  }

  private func fail(_ result: OpaquePointer) {
    // The end of the connection, told as an error of the statement: whether the transaction took effect is unknown.
    let severity = ServerError.field(result, cpostgres_field_severity())
    guard severity == "ERROR" else {
      isBroken = true
      return
    }
    let error = ServerError(result)
    requests.first?.fail(.server(error))
    // Tables have changed under a prepared statement, or somebody has taken its name away: a new connection prepares anew.
    let isStale =
      error.state == .unknownPreparedStatement
      || error.state == .featureNotSupported
        && ServerError.field(result, cpostgres_field_source_function()) == "RevalidateCachedQuery"
    if isStale, state == .ready { state = .retiring }
  }

  /// Takes back what was expected of a step that did not succeed.
  private func forget(_ step: Step) {
    if case .prepare(let statement) = step, prepared[statement.sql] === statement { prepared[statement.sql] = nil }
  }

  private func advance() {
    hasResult = false
    guard case .end? = steps.popFirst() else { return }
    requests.popFirst()?.finish()
    if !requests.isEmpty { silence.arm(at: loop.now.adding(nanoseconds: silenceLimit)) }
  }

  private func receiveNotifications() {
    while let connection, let notification = PQnotifies(connection) {
      let name = String(cString: notification.pointee.relname)
      let payload = Array(UnsafeRawBufferPointer(start: notification.pointee.extra, count: strlen(notification.pointee.extra)))
      PQfreemem(notification)
      onNotification(name, payload)
    }
  }
}

extension Step {
  /// Whether it is a Sync, whose one result no NULL follows.
  fileprivate var isSync: Bool {
    switch self {
    case .sync, .end: true
    case .silent, .prepare, .statement, .commit: false
    }
  }
}
