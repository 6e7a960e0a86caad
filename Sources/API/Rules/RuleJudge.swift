// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Judges a decision table that was handed in, as far as its own shape cannot.
struct RuleJudge {
  let purpose: RuleTable.Purpose
  let services: Services

  /// Refuses a table of another purpose, one that names departments the office does not have, and one with a predicate that PostgreSQL cannot
  /// read.
  ///
  /// - Parameter pointer: where the table stands in the body.
  func judge(_ table: RuleTable, at pointer: String, for call: Call) async throws {
    let tenant = try call.office.tenant
    var faults: [Fault] = []
    if table.purpose != purpose {
      faults.append(
        Fault(
          pointer: pointer + "/purpose", code: "wrong-place",
          detail: Text(zh: "此处须为“\(purpose.rawValue)”。", en: "This must be “\(purpose.rawValue)” here.")))
    }
    let unread = RuleTableStore.faults(in: table.rows.map(\.when))
    let known = DepartmentStore.list(in: tenant)
    let answers = try await services.lanes.rows([unread.statement, known.statement], in: .tenant(tenant.number), .read)
    faults += try answers[0].decoded(by: unread).map { Fault($0, at: "\(pointer)/rows/\($0.index)/when") }
    let departments = Set(try answers[1].decoded(by: known).map(\.code))
    for name in table.departments where !departments.contains(name.code) {
      faults.append(
        Fault(
          pointer: pointer + name.pointer, code: "unknown-reference",
          detail: Text(zh: "本单位没有部门“\(name.code)”。", en: "The office has no department “\(name.code)”.")))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
  }
}
