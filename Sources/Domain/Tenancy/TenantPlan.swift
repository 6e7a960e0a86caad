// SPDX-License-Identifier: Apache-2.0
import Base

/// What there is to do to make the tables say what an office's files say.
package struct TenantPlan: Sendable {
  /// What an item is.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case office, organisation, department, role, contract, revision, post, person, assignment, grant, rules, roster, file

    package var title: Text {
      switch self {
      case .office: Text(zh: "单位", en: "office")
      case .organisation: Text(zh: "组织", en: "organisation")
      case .department: Text(zh: "部门", en: "department")
      case .role: Text(zh: "角色", en: "role")
      case .contract: Text(zh: "合同", en: "contract")
      case .revision: Text(zh: "合同文本", en: "revision")
      case .post: Text(zh: "岗位", en: "post")
      case .person: Text(zh: "人员", en: "person")
      case .assignment: Text(zh: "任岗", en: "assignment")
      case .grant: Text(zh: "授权", en: "grant")
      case .rules: Text(zh: "决策表", en: "rules")
      case .roster: Text(zh: "排班规则", en: "roster rules")
      case .file: Text(zh: "文件", en: "file")
      }
    }

    /// What becomes of an item that the files no longer have: what records may speak of is ended and stays.
    var leaving: Action {
      switch self {
      case .person, .assignment, .grant: .ended
      default: .removed
      }
    }
  }

  package enum Action: String, Sendable, Hashable, CaseIterable {
    case added, changed, removed, ended

    package var title: Text {
      switch self {
      case .added: Text(zh: "新增", en: "added")
      case .changed: Text(zh: "修改", en: "changed")
      case .removed: Text(zh: "删除", en: "removed")
      case .ended: Text(zh: "终止", en: "ended")
      }
    }
  }

  /// A line of the plan as people read it.
  package struct Entry: Sendable, Hashable {
    package let kind: Kind
    /// Which one among those of its kind.
    package let name: String
    package let action: Action
    package let detail: Text?
  }

  /// The office's code.
  package let code: String
  /// Whether the office is not stored at all yet.
  package let isNew: Bool

  package let description: Difference<OfficeState.Description>
  package let organisations: Difference<Organisation>
  package let departments: Difference<OfficeState.Unit>
  package let roles: Difference<RoleTemplate>
  package let agreements: Difference<OfficeState.Agreement>
  package let papers: Difference<OfficeState.Paper>
  package let posts: Difference<OfficeState.Post>
  package let people: Difference<StaffList.Person>
  package let assignments: Difference<StaffList.Assignment>
  package let grants: Difference<OfficeState.Grant>
  package let rules: Difference<OfficeState.Rules>
  package let roster: Difference<OfficeState.Roster>
  package let files: Difference<OfficeState.Filed>

  /// Why it cannot be done as things stand; empty when it can.
  package let refusals: [FileFault]

  /// What does not add up in the contracts of the files.
  package var lint: [LintReport] = []

  /// - Parameters:
  ///   - stored: nil for an office that is not stored yet.
  ///   - known: the organisations of these codes that the platform knows, whoever made them known.
  ///   - today: assignments that ended before it are history, and their absence from the files says nothing.
  package init(from stored: StoredOffice?, known: [KnownOrganisation], to wanted: OfficeState, today: CivilDate) {
    let old = stored?.state
    code = wanted.description.code
    isNew = old == nil
    description = Difference(from: old.map { [$0.description] } ?? [], to: [wanted.description])
    let registered = known.compactMap { one in
      Organisation.Kind(rawValue: one.side.rawValue).map { Organisation(code: one.code, kind: $0, name: one.name) }
    }
    organisations = Difference(from: registered, to: wanted.organisations)
    departments = Difference(from: old?.departments ?? [], to: wanted.departments)
    roles = Difference(from: old?.roles ?? [], to: wanted.roles)
    agreements = Difference(from: old?.agreements ?? [], to: wanted.agreements)
    papers = Difference(from: old?.papers ?? [], to: wanted.papers)
    posts = Difference(from: old?.posts ?? [], to: wanted.posts)
    people = Difference(from: old?.people ?? [], to: wanted.people)
    let named = Set(wanted.assignments.map(\.key))
    let present = (old?.assignments ?? []).filter { assignment in
      named.contains(assignment.key) || assignment.to.map { $0 > today } ?? true
    }
    assignments = Difference(from: present, to: wanted.assignments)
    grants = Difference(from: old?.grants ?? [], to: wanted.grants)
    rules = Difference(from: old?.rules ?? [], to: wanted.rules)
    roster = Difference(from: old?.roster ?? [], to: wanted.roster)
    files = Difference(from: old?.files ?? [], to: wanted.files)
    var refusals = Self.refusals(known, wanted)
    if let stored { refusals += Self.refusals(stored, wanted, departments, roles, agreements, papers, posts, rules, roster) }
    self.refusals = refusals
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// What is added, changed, removed or ended, kind by kind.
  package var entries: [Entry] {
    description.entries + organisations.entries + departments.entries + roles.entries + agreements.entries + papers.entries
      + posts.entries + people.entries + assignments.entries + grants.entries + rules.entries + roster.entries
      + files.entries
  }

  /// How many items of each kind stay as they are.
  package var unchanged: [(kind: Kind, count: Int)] {
    [
      (.office, description.unchanged), (.organisation, organisations.unchanged), (.department, departments.unchanged),
      (.role, roles.unchanged), (.contract, agreements.unchanged), (.revision, papers.unchanged), (.post, posts.unchanged),
      (.person, people.unchanged), (.assignment, assignments.unchanged), (.grant, grants.unchanged), (.rules, rules.unchanged),
      (.roster, roster.unchanged), (.file, files.unchanged),
    ]
  }
}
