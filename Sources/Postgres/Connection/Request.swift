// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// What one Sync (or, with a COMMIT, two) carries to the server, who waits for it, and what came of it.
///
/// Lives on its loop's thread, from which it is also waited for.
final class Request {
  enum Kind {
    /// A transaction of its own: context, statements, end.
    case transaction(Context, Access)
    /// Opens a transaction that stays open.
    case begin(Context, BeginOptions)
    /// Statements as they are; in an open transaction they belong to it.
    case statements
    /// Makes the rest of the open transaction a tenant's.
    case enter(Context)
    /// Ends the open transaction.
    case commit
    case rollback
  }

  let kind: Kind
  let statements: Statements
  /// When it joined a queue.
  var queuedAt = Moment.never
  /// The statements' results so far.
  private(set) var rows: Rows?
  private(set) var moreRows: [Rows] = []
  /// The first thing that went wrong.
  private(set) var failure: PostgresError?
  private var isFinished = false
  private var waiter: UnsafeContinuation<Void, Never>?
  /// For those who do not wait in a task.
  var completion: ((Request) -> Void)?

  /// One statement needs no array.
  enum Statements {
    case none
    case one(Statement)
    case several([Statement])
  }

  init(_ kind: Kind, _ statements: Statements = .none) {
    self.kind = kind
    self.statements = statements
  }

  /// How its statements are planned: once, when one of them asks for it.
  var planning: Planning {
    switch statements {
    case .none: .asSeen
    case .one(let statement): statement.planning
    case .several(let statements): statements.contains { $0.planning == .once } ? .once : .asSeen
    }
  }

  func receive(_ rows: Rows) {
    if self.rows == nil { self.rows = rows } else { moreRows.append(rows) }
  }

  /// Notes what went wrong; the first counts.
  func fail(_ error: PostgresError) {
    if failure == nil { failure = error }
  }

  /// The connection is gone, or there will be none.
  func abandon(_ error: PostgresError) {
    // What the server has refused is undone, whatever happened to the connection afterwards.
    fail(error)
    finish()
  }

  func finish() {
    guard !isFinished else { return }
    isFinished = true
    if let waiter {
      self.waiter = nil
      waiter.resume()
    }
    if let completion {
      self.completion = nil
      completion(self)
    }
  }

  /// Suspends until the server has answered the last Sync, or never will.
  nonisolated(nonsending) func finished() async throws(PostgresError) {
    if !isFinished {
      await withUnsafeContinuation { waiter = $0 }
    }
    if let failure { throw failure }
  }
}

/// How a transaction that stays open begins.
struct BeginOptions: Sendable {
  var access = Access.write
  var isolation = Isolation.readCommitted
  /// Replaces the lane's bound on one statement.
  var statementTimeout: Duration?
}

/// What a transaction sees of others (PostgreSQL's manual, 13.2).
package enum Isolation: Sendable {
  case readCommitted
  case repeatableRead
  case serializable
}
