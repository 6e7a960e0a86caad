// SPDX-License-Identifier: Apache-2.0
import Base

/// Why a schema is not migrated; nothing was changed by the step that is named.
package enum MigrationError: Error, Equatable {
  case badName(String)
  case notText(String)
  case unreadable(String, String)
  case sameNumber(Int, String, String)
  /// A step was applied, and its file is gone.
  case missing(Int, String)
  case renamed(Int, from: String, to: String)
  /// A step was applied, and its file says something else now.
  case changed(Int, String)
  /// A new file stands before the last step applied.
  case outOfOrder(Int, String, last: Int)
  case gap(expected: Int, found: Int)
  /// The database refused a step; the step was undone.
  case failed(Int, String, reason: String)

  /// What to tell whoever runs the migration, with what to do.
  package var text: Text {
    switch self {
    case .badName(let name):
      Text(zh: "“\(name)”不是迁移文件名，应为“0001_名称.sql”。", en: "“\(name)” is no name of a migration; it must be like “0001_name.sql”.")
    case .notText(let name):
      Text(zh: "迁移文件“\(name)”不是 UTF-8 文本。", en: "The migration “\(name)” is not text in UTF-8.")
    case .unreadable(let path, let reason):
      Text(zh: "无法读取“\(path)”：\(reason)。", en: "“\(path)” cannot be read: \(reason).")
    case .sameNumber(let number, let first, let second):
      Text(
        zh: "两个迁移文件编号同为 \(number)：“\(first)”和“\(second)”。", en: "Two migrations have the number \(number): “\(first)” and “\(second)”.")
    case .missing(let number, let name):
      Text(
        zh: "数据库已执行迁移 \(number)“\(name)”，但文件不存在。请用与数据库一致或更新的版本。",
        en: "The database has migration \(number) “\(name)”, whose file is missing. Use the version that made the database, or a newer one."
      )
    case .renamed(let number, let from, let to):
      Text(
        zh: "迁移 \(number) 执行时名为“\(from)”，现名为“\(to)”。已执行的迁移不得改名。",
        en: "Migration \(number) was applied as “\(from)” and is called “\(to)” now. An applied migration is never renamed.")
    case .changed(let number, let name):
      Text(
        zh: "迁移 \(number)“\(name)”执行后文件被修改。请恢复原文件，变更写入新的迁移。",
        en:
          "Migration \(number) “\(name)” was changed after it had been applied. Restore the file, and put the change into a new migration.")
    case .outOfOrder(let number, let name, let last):
      Text(
        zh: "迁移 \(number)“\(name)”排在已执行的 \(last) 之前。请改为更大的编号。",
        en: "Migration \(number) “\(name)” comes before \(last), which has been applied. Give it a higher number.")
    case .gap(let expected, let found):
      Text(zh: "迁移编号不连续：应为 \(expected)，实为 \(found)。", en: "The numbers have a gap: \(expected) was expected, \(found) was found.")
    case .failed(let number, let name, let reason):
      Text(
        zh: "迁移 \(number)“\(name)”失败，已撤销：\(reason)", en: "Migration \(number) “\(name)” failed and was undone: \(reason)")
    }
  }
}
