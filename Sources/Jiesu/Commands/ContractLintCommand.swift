// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let contractLint = Command(
    words: ["contract", "lint"], arguments: ["TENANT", "CONTRACT"],
    options: [Option(name: "--all", says: Text(zh: "也列出已认可的", en: "those that were acknowledged too"), value: "")],
    says: Text(
      zh: "自查合同：金额、日期、编号、互引、期限与后果；有未认可的发现时退出码 1", en: "look a contract over; exit code 1 when something is found that nobody acknowledged")
  ) { invocation, configuration in
    let id = invocation.arguments[1]
    let report = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      return try await session.read(in: .tenant(tenant.id.number)) { transaction in
        let revisions = try await transaction.query(RevisionStore.list(of: id, in: tenant.id))
        guard !revisions.isEmpty else { throw Faults([.noContract(id)]) }
        let reading = LintReading(of: id, in: tenant.id)
        return try reading.report(on: RevisionStore.contract(revisions), await transaction.rows(reading.statements))
      }
    }
    if invocation.isForMachines {
      Output.json(report.json)
    } else {
      FindingTable(report: report, language: invocation.language).show(all: invocation.option("--all") != nil)
    }
    return report.open.isEmpty ? .success : .findings
  }
}

/// Findings as people read them.
struct FindingTable {
  let report: LintReport
  let language: Language

  /// - Parameter all: those that were acknowledged too.
  func show(all: Bool) {
    let shown = report.open + (all ? report.findings.filter(\.isAcknowledged).map(\.finding) : [])
    if !shown.isEmpty {
      var table = Table(
        Text(zh: "轻重", en: "severity")[language], Text(zh: "条款", en: "clause")[language], "id",
        Text(zh: "发现", en: "finding")[language])
      let acknowledged = Set(report.findings.filter(\.isAcknowledged).map(\.finding.id))
      for finding in shown {
        let severity = acknowledged.contains(finding.id) ? Text(zh: "已认可", en: "acknowledged") : finding.severity.title
        table.add(severity[language], finding.clause, finding.id, finding.sentence[language])
      }
      Output.line(table.text)
    }
    Output.line(summary[language])
  }

  private var summary: Text {
    let (errors, open) = (report.errors.count, report.open.count)
    let known = report.findings.count - open
    let text = report.textVersion == nil ? Text(zh: "（未附原文）", en: " (no text attached)") : Text(zh: "", en: "")
    return Text(
      zh: "\(report.contract)：\(errors) 处错误，\(open - errors) 处提示，\(known) 处已认可",
      en: "\(report.contract): \(errors) errors, \(open - errors) warnings, \(known) acknowledged") + text
  }
}
