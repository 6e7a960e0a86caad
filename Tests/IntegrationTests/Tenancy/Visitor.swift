// SPDX-License-Identifier: Apache-2.0
import Postgres

/// Tries statements in contexts, as one role of the database; nothing of it is kept.
final class Visitor {
  enum Outcome: Equatable, CustomStringConvertible {
    /// The first value of the first row, nil for NULL or no row.
    case given(String?)
    case refused(SQLState)

    var description: String {
      switch self {
      case .given(let value): "gave \(value ?? "nothing")"
      case .refused(let state): "was refused with \(state)"
      }
    }
  }

  let role: String
  private let connection: ScriptConnection

  init(_ database: TestDatabase, as role: String) throws {
    self.role = role
    connection = try database.connect(as: role)
  }

  /// - Parameter context: what the setting is for the transaction; nil to leave it alone.
  func attempt(_ statement: String, context: String?) throws -> Outcome {
    try connection.run("BEGIN")
    if let context { _ = try connection.rows("SELECT set_config('jiesu.tenant', $1, true)", [context]) }
    let outcome: Outcome
    do throws(ScriptError) {
      outcome = .given(try connection.rows(statement).first?.first ?? nil)
    } catch {
      // Not as a pattern of the catch: this compiler fails on one that binds a part of a typed error.
      guard case .refused(let state, _, _) = error else { throw error }
      outcome = .refused(state)
    }
    try connection.run("ROLLBACK")
    return outcome
  }

  /// How many rows a statement that changes something has touched.
  func count(_ statement: String, context: String?) throws -> Outcome {
    try attempt("WITH touched AS (\(statement) RETURNING 1) SELECT count(*) FROM touched", context: context)
  }
}
