// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres

extension Problem {
  /// What an error of a lower layer means to a caller: what may be told of it, and nothing more.
  package static func explaining(_ error: any Error) -> Problem {
    switch error {
    case let problem as Problem: problem
    case let faults as Faults: Problem(faults)
    case let error as SettlementError: Problem(error)
    case let error as ScheduleError: Problem(SettlementError.schedule(error))
    case let error as CalendarError: .conflict(error.code, error.text)
    case let error as PostgresError: explaining(error)
    case is ContentFailure: .contentCut
    case let error as TransactionError: error.database.map(explaining) ?? .unexpected
    default: .unexpected
    }
  }

  private static func explaining(_ error: PostgresError) -> Problem {
    switch error {
    case .overloaded: .overloaded
    case .unavailable, .closed, .rolledBack: .databaseUnavailable
    case .connectionLost, .timedOut: .outcomeUnknown
    case .server(let server):
      switch server.state {
      case .queryCanceled, .lockNotAvailable, .serializationFailure, .deadlockDetected, .adminShutdown: .databaseUnavailable
      case .uniqueViolation: .conflict("already-exists", Text(zh: "已存在。", en: "It exists already."))
      case .foreignKeyViolation:
        .conflict("still-referenced", Text(zh: "所引用的对象不存在，或仍被引用。", en: "What it refers to does not exist, or it is still referred to."))
      case .checkViolation, .stringTooLong:
        Problem(Faults([Fault(code: "out-of-range", detail: Text(zh: "有值超出允许范围。", en: "A value is outside its bounds."))]))
      default: .unexpected
      }
    case .cancelled, .mismatchedTypes, .decoding: .unexpected
    }
  }
}
