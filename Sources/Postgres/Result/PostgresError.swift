// SPDX-License-Identifier: Apache-2.0
internal import CPostgres

/// Why a statement has no result; it carries nothing of the statement's values nor of the database's contents.
package enum PostgresError: Error, Equatable, Sendable {
  /// The server refused; the transaction is undone.
  case server(ServerError)
  /// More work waits already than the lane's bound allows; nothing was done.
  case overloaded
  /// No connection came free, or none could be had, in the time there was; nothing was done.
  case unavailable
  /// The connection was lost while the statement was under way: whether it took effect is unknown.
  case connectionLost
  /// The server stopped answering and was given up: whether the statement took effect is unknown.
  case timedOut
  /// The server answered COMMIT with ROLLBACK; the transaction is undone.
  case rolledBack
  /// The lane was closed; nothing was done.
  case closed
  /// The task was cancelled; the server was asked to stop.
  case cancelled
  /// The same text was used with other types of values than when it was prepared.
  case mismatchedTypes
  /// What came back is not what the program expects.
  case decoding(DecodingFailure)
}

/// An error that the server reported.
package struct ServerError: Error, Equatable, Sendable {
  package let state: SQLState
  /// The constraint that was violated, for errors that have one.
  package let constraint: String?
  /// At which character of the statement's text the error is, from 1.
  package let position: Int?

  package init(state: SQLState, constraint: String? = nil, position: Int? = nil) {
    self.state = state
    self.constraint = constraint
    self.position = position
  }

  init(_ result: OpaquePointer) {
    state = SQLState(rawValue: ServerError.field(result, cpostgres_field_sqlstate()) ?? "XX000")
    constraint = ServerError.field(result, cpostgres_field_constraint())
    position = ServerError.field(result, cpostgres_field_position()).flatMap { Int($0) }
  }

  static func field(_ result: OpaquePointer, _ field: Int32) -> String? {
    PQresultErrorField(result, field).map { String(cString: $0) }
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .server(let error): "the database refused: \(error)"
    case .overloaded: "too much work waits for the database"
    case .unavailable: "the database cannot be reached"
    case .connectionLost: "the connection to the database was lost"
    case .timedOut: "the database does not answer"
    case .rolledBack: "the database undid the transaction at its end"
    case .closed: "the connections to the database are closed"
    case .cancelled: "the statement was cancelled"
    case .mismatchedTypes: "a statement was used with other types of values than before"
    case .decoding(let failure): "unexpected data: \(failure)"
    }
  }
}

extension ServerError: CustomStringConvertible {
  package var description: String {
    "SQLSTATE \(state)" + (constraint.map { ", constraint \($0)" } ?? "") + (position.map { ", at character \($0)" } ?? "")
  }
}

extension PostgresError {
  /// What the server's error says, for those that come from it.
  package var state: SQLState? {
    if case .server(let error) = self { error.state } else { nil }
  }

  /// Whether the error is the violation of this unique constraint.
  package func violatesUnique(_ constraint: String) -> Bool {
    if case .server(let error) = self { error.state == .uniqueViolation && error.constraint == constraint } else { false }
  }
}
