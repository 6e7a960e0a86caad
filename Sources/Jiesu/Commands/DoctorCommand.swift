// SPDX-License-Identifier: Apache-2.0
import Base

extension Command {
  static let doctor = Command(
    words: ["doctor"], says: Text(zh: "检查部署：数据库、权限、日历、密钥文件、文件摘要", en: "check the deployment: database, rights, calendars, secrets, digests")
  ) { invocation, configuration in
    let language = invocation.language
    let examination = try await CommandSession.run(configuration) { session in
      var examination = Examination(session: session, configuration: configuration)
      try await examination.run()
      return examination.results
    }
    let findings = examination.flatMap(\.findings)
    if invocation.isForMachines {
      Output.json([
        "findings": .integer(findings.count),
        "checks": .array(
          examination.map { result in
            [
              "check": .string(result.code), "title": result.title.json, "note": result.note.map { .string($0) } ?? .null,
              "findings": .array(result.findings.map(\.json)),
            ]
          }),
      ])
      return findings.isEmpty ? .success : .findings
    }
    var table = Table(Text(zh: "检查", en: "check")[language], Text(zh: "结果", en: "result")[language], Text(zh: "说明", en: "detail")[language])
    for result in examination {
      if result.findings.isEmpty {
        table.add(result.title[language], Text(zh: "正常", en: "fine")[language], result.note ?? "")
      }
      for finding in result.findings {
        table.add(result.title[language], Text(zh: "问题", en: "WRONG")[language], finding[language])
      }
    }
    Output.line(table.text)
    Output.line(
      findings.isEmpty
        ? Text(zh: "没有发现问题", en: "nothing wrong was found")[language]
        : Text(zh: "发现 \(findings.count) 个问题", en: "\(findings.count) findings")[language])
    return findings.isEmpty ? .success : .findings
  }
}
