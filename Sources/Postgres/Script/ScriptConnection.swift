// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
import Glibc

/// Why a script was not run to its end.
package enum ScriptError: Error, Equatable, Sendable {
  /// No connection; the text is libpq's, it names hosts and roles and nothing else.
  case unavailable(reason: String)
  /// The server refused. The message is its first line, without the details that quote rows; `line` counts from 1 in the script.
  case refused(SQLState, message: String, line: Int?)
  /// The connection was lost while the script ran: whether it took effect is unknown.
  case connectionLost
}

/// A connection that runs whole scripts, text that comes from files of ours: for migrating, never for serving.
///
/// It blocks the thread it is used on, and must not be used on a loop.
package struct ScriptConnection: ~Copyable {
  private let connection: OpaquePointer

  /// - Parameter configuration: host, port, database, user, password, encryption and `openingLimit` count.
  package init(_ configuration: Configuration) throws(ScriptError) {
    let parameters = configuration.scriptParameters
    let keywords = parameters.map { strdup($0.0) } + [nil]
    let values = parameters.map { strdup($0.1) } + [nil]
    defer { for text in keywords + values { free(text) } }
    let connection = PQconnectdbParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0)
    guard let connection else { throw .unavailable(reason: "out of memory") }
    guard PQstatus(connection) == CONNECTION_OK else {
      let reason = String(cString: PQerrorMessage(connection)).split(separator: "\n").joined(separator: " ")
      PQfinish(connection)
      throw .unavailable(reason: reason)
    }
    // libpq would print them, and they may hold data.
    PQsetNoticeReceiver(connection, { _, _ in }, nil)
    self.connection = connection
  }

  deinit { PQfinish(connection) }

  /// Runs a script of any number of statements; outside of a transaction that it opens itself they are one transaction.
  package func run(_ script: String) throws(ScriptError) {
    let result = PQexec(connection, script)
    defer { PQclear(result) }
    try check(result, script)
  }

  /// Runs one statement with values, all of them text; gives the rows as text.
  package func rows(_ statement: String, _ values: [String] = []) throws(ScriptError) -> [[String?]] {
    let copies = values.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let result = PQexecParams(connection, statement, Int32(values.count), nil, copies.map { UnsafePointer($0) }, nil, nil, 0)
    defer { PQclear(result) }
    try check(result, statement)
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { column in
        PQgetisnull(result, row, column) != 0 ? nil : String(cString: PQgetvalue(result, row, column))
      }
    }
  }

  private func check(_ result: OpaquePointer?, _ script: String) throws(ScriptError) {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    default: break
    }
    guard let result, let state = ServerError.field(result, cpostgres_field_sqlstate()), PQstatus(connection) == CONNECTION_OK else {
      throw .connectionLost
    }
    let position = ServerError.field(result, cpostgres_field_position()).flatMap { Int($0) }
    throw .refused(
      SQLState(rawValue: state), message: ServerError.field(result, cpostgres_field_message()) ?? "",
      line: position.map { script.unicodeScalars.prefix(max(0, $0 - 1)).count { $0 == "\n" } + 1 })
  }
}

extension Configuration {
  /// What libpq is given by keyword; without a password it looks into its password file.
  fileprivate var scriptParameters: [(String, String)] {
    var parameters = [
      ("host", host), ("port", String(port)), ("dbname", database), ("user", user), ("application_name", "\(applicationName)-migrate"),
      ("client_encoding", "UTF8"), ("gssencmode", "disable"), ("connect_timeout", String(max(2, openingLimit.components.seconds))),
    ]
    if let password { parameters.append(("password", password)) }
    switch encryption {
    case .none: parameters.append(("sslmode", "disable"))
    case .required: parameters.append(("sslmode", "require"))
    case .verified(let certificates): parameters += [("sslmode", "verify-full"), ("sslrootcert", certificates)]
    }
    return parameters
  }
}
