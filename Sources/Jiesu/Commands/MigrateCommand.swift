// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres
import Store

extension Command {
  static let migrate = Command(
    words: ["migrate"],
    options: [Option(name: "--directory", says: Text(zh: "迁移文件目录", en: "the directory of the migrations"), value: "DIR")],
    says: Text(zh: "把数据库迁移到最新；重复执行无改动", en: "bring the database up to date; again, nothing changes")
  ) { invocation, configuration in
    let files = try MigrationFile.read(directory: invocation.option("--directory") ?? "sql/migrations")
    let migrator = Migrator(Postgres.Configuration(configuration, as: .owner))
    let outcome = try migrator.migrate(files) { taken in
      guard !invocation.isForMachines else { return }
      Output.line(
        Text(zh: "已执行 \(taken.number) \(taken.name)", en: "applied \(taken.number) \(taken.name)")[invocation.language])
    }
    if invocation.isForMachines {
      Output.json([
        "before": .integer(outcome.before),
        "applied": .array(outcome.taken.map { ["number": .integer($0.number), "name": .string($0.name)] }),
      ])
    } else if outcome.taken.isEmpty {
      Output.line(
        Text(zh: "数据库已是最新（\(outcome.before) 个迁移）", en: "the database is up to date (\(outcome.before) migrations)")[invocation.language])
    }
    return .success
  }
}
