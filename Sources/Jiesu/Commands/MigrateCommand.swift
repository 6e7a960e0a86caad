// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let migrate = Command(
    words: ["migrate"],
    options: [Option(name: "--directory", says: Text(zh: "迁移文件目录", en: "the directory of the migrations"), value: "DIR")],
    says: Text(zh: "把数据库迁移到最新；重复执行无改动", en: "bring the database up to date; again, nothing changes")
  ) { invocation, configuration in
    let files = try MigrationFile.read(directory: invocation.option("--directory") ?? Home(configuration).path("sql/migrations"))
    let roles = try Files.roles(configuration).filter { $0.side == .platform }
    let migrator = Migrator(Postgres.Configuration(configuration, as: .owner))
    let outcome = try migrator.migrate(files) { taken in
      guard !invocation.isForMachines else { return }
      Output.line(
        Text(zh: "已执行 \(taken.number) \(taken.name)", en: "applied \(taken.number) \(taken.name)")[invocation.language])
    }
    // The platform's own roles are data like the offices', and come from the same file.
    let changed = try await CommandSession.run(configuration, as: .owner) { session in
      try await session.write { transaction in
        try await transaction.rows(roles.map { RoleStore.putPlatform($0) }).reduce(0) { $0 + $1.affected }
      }
    }
    if changed > 0, !invocation.isForMachines {
      Output.line(Text(zh: "已更新平台角色 \(changed) 个", en: "\(changed) roles of the platform brought up to date")[invocation.language])
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
