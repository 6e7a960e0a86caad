// SPDX-License-Identifier: Apache-2.0
import Base

extension TenantPlan {
  /// An organisation keeps its kind, whichever office's files speak of it.
  static func refusals(_ known: [KnownOrganisation], _ wanted: OfficeState) -> [FileFault] {
    wanted.organisations.enumerated().compactMap { index, organisation in
      guard let old = known.first(where: { $0.code == organisation.code }), old.side.rawValue != organisation.kind.rawValue else {
        return nil
      }
      return FileFault(
        file: "office.json",
        fault: Fault(
          pointer: "/organisations/\(index)/kind", code: "wrong-side",
          detail: Text(
            zh: "组织“\(organisation.code)”已登记为另一类。",
            en: "The organisation “\(organisation.code)” is registered as one of the other kind.")))
    }
  }

  /// What the files ask for that is not done: records are neither rewritten nor taken away.
  static func refusals(
    _ stored: StoredOffice, _ wanted: OfficeState, _ departments: Difference<OfficeState.Unit>, _ roles: Difference<RoleTemplate>,
    _ agreements: Difference<OfficeState.Agreement>, _ papers: Difference<OfficeState.Paper>, _ posts: Difference<OfficeState.Post>,
    _ rules: Difference<OfficeState.Rules>, _ roster: Difference<OfficeState.Roster>
  ) -> [FileFault] {
    var faults: [FileFault] = []
    func fail(_ file: String, _ pointer: String, _ code: String, zh: String, en: String) {
      faults.append(FileFault(file: file, fault: Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en))))
    }
    for change in papers.changed {
      let (old, new) = (change.from, change.to)
      fail(
        new.document.path, new.document.json.differences(from: old.document.json, limit: 1).first ?? "", "revision-applied",
        zh: "合同文本自 \(old.effectiveFrom) 起适用，已经录入，不再修改。请恢复原文件，变更内容另立一份补充协议（revision.kind 为 supplement），写明其生效日期。",
        en:
          "The paper that governs from \(old.effectiveFrom) has been applied and is never changed. Restore the file, and put what changes into a further paper (revision.kind supplement) with the date it takes effect."
      )
    }
    let gone = Set(agreements.removed.map(\.id))
    for contract in agreements.removed {
      fail(
        "contracts/\(contract.id)", "", "contract-applied", zh: "合同已经录入，不能从文件中去除。请恢复该目录。",
        en: "The contract has been applied and cannot be taken away. Restore its directory.")
    }
    for paper in papers.removed where !gone.contains(paper.contract) {
      let path = stored.state.files.first { $0.digest == paper.document.digest }?.path
      fail(
        path ?? "contracts/\(paper.contract)", wanted.files.contains { $0.path == path } ? "/revision/effectiveFrom" : "",
        "revision-applied",
        zh: "自 \(paper.effectiveFrom) 起适用的合同文本已经录入，不能去除，也不能改变生效日期。请恢复原文件。",
        en:
          "The paper that governs from \(paper.effectiveFrom) has been applied: it is neither taken away nor given another date. Restore the file."
      )
    }
    for post in posts.removed where !gone.contains(post.contract) {
      fail(
        "contracts/\(post.contract)", "", "post-applied", zh: "岗位“\(post.code)”已经录入，不能去除。",
        en: "The post “\(post.code)” has been applied and cannot be taken away.")
    }
    for table in rules.removed {
      fail(
        "rules/\(table.purpose).json", "", "rules-applied", zh: "决策表已经录入，不能删除。请保留文件，把 rows 置空。",
        en: "The decision table has been applied and cannot be removed. Keep the file, and leave its rows empty.")
    }
    if !roster.removed.isEmpty {
      fail(
        "roster.json", "", "roster-applied", zh: "排班规则已经录入，不能删除。请保留文件，把 patterns 置空。",
        en: "The roster rules have been applied and cannot be removed. Keep the file, and leave its patterns empty.")
    }
    for change in roster.changed {
      guard let old = change.from.effectiveFrom, let new = change.to.effectiveFrom, new < old else { continue }
      fail(
        "roster.json", "/effectiveFrom", "out-of-order", zh: "不得早于现有规则的起始日 \(old)。",
        en: "This must not be before \(old), from when the rules that are stored hold.")
    }
    for department in departments.removed where stored.departmentsInUse.contains(department.code) {
      fail(
        "departments.json", "/departments", "department-in-use", zh: "部门“\(department.code)”曾用于授权，记录仍引用它，不能删除。",
        en: "The department “\(department.code)” cannot be removed: a role was once given within it, and the record stays.")
    }
    for role in roles.removed where stored.rolesInUse.contains(role.code) {
      fail(
        "roles.json", "/roles", "role-in-use", zh: "角色“\(role.code)”曾授予人员，记录仍引用它，不能删除。",
        en: "The role “\(role.code)” cannot be removed: it was once given to somebody, and the record stays.")
    }
    return faults
  }
}
