// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Command {
  static let contractDiff = Command(
    words: ["contract", "diff"], arguments: ["TENANT", "CONTRACT", "A", "B"],
    says: Text(zh: "用文字说明两份文本逐项的差别", en: "say what differs between two papers, item by item, in words")
  ) { invocation, configuration in
    let id = invocation.arguments[1]
    let numbers = try invocation.arguments[2...3].map { word in
      guard let number = Int32(word) else {
        throw UsageError(
          Text(zh: "“\(word)”须为文本序号（contract show 列出）", en: "“\(word)” must be a paper's number, as contract show lists them"))
      }
      return number
    }
    let papers = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      return try await session.read(in: .tenant(tenant.id.number)) { transaction in
        try await transaction.query(RevisionStore.list(of: id, in: tenant.id))
      }
    }
    guard !papers.isEmpty else { throw Faults([.noContract(id)]) }
    let chosen = try numbers.map { number in
      guard let paper = papers.first(where: { $0.number == number }) else {
        throw Faults([Fault(code: "unknown-reference", detail: Text(zh: "合同没有文本 \(number)。", en: "The contract has no paper \(number)."))])
      }
      return paper
    }
    let difference = RevisionDiff(from: chosen[0].document, to: chosen[1].document)
    if invocation.isForMachines {
      var writer = JSONWriter(capacity: 8192)
      difference.writeChanges(to: &writer)
      Output.line(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      Output.text(difference.rendered(in: invocation.language))
    }
    return .success
  }
}
