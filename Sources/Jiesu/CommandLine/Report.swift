// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

/// Tells a person why a command did not do what was asked, and the shell by the exit code.
enum Report {
  static func failure(_ error: any Error, in language: Language) -> ExitCode {
    switch error {
    case let error as UsageError:
      Output.error(error.text[language])
      Output.error(Text(zh: "jiesu help 列出全部命令", en: "jiesu help lists the commands")[language])
      return .usage
    case let faults as Faults:
      for fault in faults.list { Output.error(line(fault, in: language)) }
      return .invalid
    case let faults as FileFaults:
      for fault in faults.list { Output.error(line(fault, in: language)) }
      return .invalid
    case let refusal as TenantApply.Refusal: return refused(refusal, in: language)
    case let error as CryptoError:
      Output.error("\(error)")
      return .invalid
    case let problem as Problem:
      Output.error(problem.detail[language])
      for fault in problem.faults { Output.error(line(fault, in: language)) }
      return problem.status >= 500 ? .database : problem.status == 409 ? .refused : .invalid
    case let error as MigrationError:
      Output.error(error.text[language])
      return .refused
    case let error as TransactionError:
      if case .body(let cause) = error { return failure(cause, in: language) }
      return error.database.map { database($0, in: language) } ?? unexpected(error)
    case let error as PostgresError: return database(error, in: language)
    case let error as ScriptError: return database(error, in: language)
    default: return unexpected(error)
    }
  }

  private static func refused(_ refusal: TenantApply.Refusal, in language: Language) -> ExitCode {
    switch refusal {
    case .invalid(let faults): return failure(faults, in: language)
    case .refused(let faults):
      _ = failure(faults, in: language)
    case .busy:
      Output.error(Text(zh: "另一个进程正在应用此单位的文件，请稍后再试", en: "another process is applying this office's files; try again")[language])
    }
    return .refused
  }

  static func line(_ fault: FileFault, in language: Language) -> String {
    let place = fault.fault.pointer.isEmpty ? fault.file : "\(fault.file) \(fault.fault.pointer)"
    return "\(place): \(fault.fault.detail[language]) [\(fault.fault.code)]"
  }

  private static func database(_ error: some Error, in language: Language) -> ExitCode {
    Output.error(Text(zh: "数据库：\(error)", en: "database: \(error)")[language])
    return .database
  }

  private static func unexpected(_ error: any Error) -> ExitCode {
    Output.error("\(type(of: error)): \(error)")
    return .unexpected
  }

  private static func line(_ fault: Fault, in language: Language) -> String {
    fault.pointer.isEmpty ? fault.detail[language] : "\(fault.pointer): \(fault.detail[language]) [\(fault.code)]"
  }
}
