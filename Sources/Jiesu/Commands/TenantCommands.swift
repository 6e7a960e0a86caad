// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Glibc
import Postgres
import Store

extension Command {
  static let tenantPlan = Command(
    words: ["tenant", "plan"], arguments: ["DIR"],
    says: Text(zh: "对照数据库，列出应用此目录会改什么；有改动时退出码 1", en: "show what applying a directory would change; exit code 1 when anything")
  ) { invocation, configuration in
    let files = try TenantDirectory(invocation.arguments[0])
    let templates = try Files.roles(configuration)
    let plan = try await CommandSession.run(configuration) { session in
      try await TenantApply(files.tenant, templates: templates, heavy: session.heavy).plan(at: session.now)
    }
    if invocation.isForMachines {
      Output.json(plan.json)
    } else {
      PlanTable(plan: plan, language: invocation.language).show(done: false)
      for report in plan.lint { FindingTable(report: report, language: invocation.language).show(all: false) }
    }
    guard plan.refusals.isEmpty else {
      return Report.failure(TenantApply.Refusal.refused(FileFaults(list: plan.refusals)), in: invocation.language)
    }
    return plan.isEmpty ? .success : .findings
  }

  static let tenantApply = Command(
    words: ["tenant", "apply"], arguments: ["DIR"],
    says: Text(zh: "应用单位目录：一次事务，全有或全无；重复执行无改动", en: "make an office what its directory says: one transaction; again, nothing changes")
  ) { invocation, configuration in
    let files = try TenantDirectory(invocation.arguments[0])
    let templates = try Files.roles(configuration)
    let plan = try await CommandSession.run(configuration) { session in
      try await TenantApply(files.tenant, templates: templates, heavy: session.heavy).apply(by: .commandLine, at: session.now)
    }
    if invocation.isForMachines {
      Output.json(plan.json)
    } else {
      PlanTable(plan: plan, language: invocation.language).show(done: true)
      for report in plan.lint { FindingTable(report: report, language: invocation.language).show(all: false) }
    }
    return .success
  }

  static let tenantList = Command(
    words: ["tenant", "list"], says: Text(zh: "列出单位及其合同数", en: "list the offices and how many contracts each has")
  ) { invocation, configuration in
    let language = invocation.language
    let tenants = try await CommandSession.run(configuration) { session in
      var listed: [(tenant: TenantStore.Tenant, contracts: Int)] = []
      for tenant in try await session.read({ try await $0.query(TenantStore.page(after: nil, limit: .max)) }) {
        let contracts = try await session.read(in: .tenant(tenant.id.number)) { try await $0.query(ContractStore.list(in: tenant.id)) }
        listed.append((tenant, contracts.count))
      }
      return listed
    }
    if invocation.isForMachines {
      Output.json(
        .array(
          tenants.map { tenant, contracts in
            [
              "code": .string(tenant.code), "name": tenant.name.json, "kind": .string(tenant.kind), "state": .string(tenant.state.rawValue),
              "contracts": .integer(contracts),
            ]
          }))
      return .success
    }
    var table = Table(
      Text(zh: "代码", en: "code")[language], Text(zh: "名称", en: "name")[language], Text(zh: "状态", en: "state")[language],
      Text(zh: "合同", en: "contracts")[language])
    for (tenant, contracts) in tenants { table.add(tenant.code, tenant.name[language], tenant.state.title[language], "\(contracts)") }
    Output.line(table.text)
    return .success
  }
}

/// An office's directory as it was read.
private struct TenantDirectory {
  let tenant: TenantFiles

  /// - Throws: `FileFaults`, or faults for what cannot be read.
  init(_ path: String) throws { tenant = try TenantFiles.decode(Files.tree(path)).get() }
}

extension TenantApply.Author {
  /// The command line, which names the account it runs under.
  static var commandLine: TenantApply.Author {
    let account = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    return TenantApply.Author(user: nil, request: nil, data: ["by": "command-line", "account": .string(account)])
  }
}

/// A plan as people read it.
private struct PlanTable {
  let plan: TenantPlan
  let language: Language

  func show(done: Bool) {
    let entries = plan.entries
    if !entries.isEmpty, !done || plan.refusals.isEmpty {
      var table = Table(
        Text(zh: "改动", en: "change")[language], Text(zh: "类别", en: "kind")[language], Text(zh: "名称", en: "name")[language],
        Text(zh: "说明", en: "detail")[language])
      for entry in entries {
        table.add(entry.action.title[language], entry.kind.title[language], entry.name, entry.detail?[language] ?? "")
      }
      Output.line(table.text)
    }
    Output.line(summary(entries, done)[language])
  }

  private func summary(_ entries: [TenantPlan.Entry], _ done: Bool) -> Text {
    let same = plan.unchanged.reduce(0) { $0 + $1.count }
    if entries.isEmpty {
      return Text(zh: "\(plan.code)：没有改动（\(same) 项一致）", en: "\(plan.code): nothing to change (\(same) items are the same)")
    }
    if done {
      return Text(zh: "\(plan.code)：已应用 \(entries.count) 项改动", en: "\(plan.code): \(entries.count) changes applied")
    }
    return Text(
      zh: "\(plan.code)：将有 \(entries.count) 项改动，\(same) 项一致", en: "\(plan.code): \(entries.count) changes, \(same) items are the same")
  }
}

extension TenantStore.State {
  fileprivate var title: Text {
    switch self {
    case .active: Text(zh: "使用中", en: "active")
    case .suspended: Text(zh: "已暂停", en: "suspended")
    case .closed: Text(zh: "已关闭", en: "closed")
    }
  }
}
