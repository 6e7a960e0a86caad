// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store

extension Command {
  static let contractAttach = Command(
    words: ["contract", "attach"], arguments: ["TENANT", "CONTRACT", "FILE"],
    says: Text(zh: "附上合同原文（.md 为 Markdown，其余为纯文本）；条款原文随后与释义并列", en: "attach the contract's own text (.md is Markdown, anything else plain)")
  ) { invocation, configuration in
    let id = invocation.arguments[1]
    let path = invocation.arguments[2]
    let words = try ContractText.read(Files.read(path))
    let text = ContractTextStore.Attachment(
      mediaType: path.hasSuffix(".md") ? .markdown : .plain, words: words, checksum: try SHA256.digest(of: Array(words.utf8)))
    let attached = try await CommandSession.run(configuration) { session in
      let tenant = try await session.tenant(invocation.arguments[0])
      return try await session.write(in: .tenant(tenant.id.number)) { transaction in
        try await Attaching(text: text, contract: id, tenant: tenant, now: session.now).run(in: transaction)
      }
    }
    let clauses = ContractText(words).clauses.count
    if invocation.isForMachines {
      Output.json([
        "contract": .string(id), "version": .integer(attached.version), "new": .bool(attached.isNew),
        "sha256": .string(Hex.encode(text.checksum)), "octets": .integer(words.utf8.count), "clauses": .integer(clauses),
      ])
    } else {
      let said = attached.isNew ? Text(zh: "已附上", en: "attached") : Text(zh: "已是此文本", en: "is this text already")
      Output.line(
        Text(
          zh: "\(id)：\(said.zh)（第 \(attached.version) 版，\(clauses) 条，SHA-256 \(Hex.encode(text.checksum).prefix(12))）",
          en: "\(id): \(said.en) (version \(attached.version), \(clauses) clauses, SHA-256 \(Hex.encode(text.checksum).prefix(12)))")[
            invocation.language])
    }
    return .success
  }
}

/// Attaches a text behind the one that counts, in a transaction in the office's context.
private struct Attaching {
  let text: ContractTextStore.Attachment
  let contract: String
  let tenant: TenantStore.Tenant
  let now: Instant

  func run(in transaction: Transaction) async throws -> (version: Int32, isNew: Bool) {
    guard !(try await transaction.rows(ContractStore.exists(contract, in: tenant.id)).isEmpty) else {
      throw Faults([.noContract(contract)])
    }
    let before = try await transaction.first(ContractTextStore.latest(of: contract, in: tenant.id))
    if let before, before.checksum == text.checksum, before.mediaType == text.mediaType { return (before.version, false) }
    let version = before?.version ?? 0
    var random = SystemRandomNumberGenerator()
    var identities = UUIDv7Generator()
    var data = TenantApply.Author.commandLine.data
    data["version"] = .integer(version + 1)
    data["sha256"] = .string(Hex.encode(text.checksum))
    data["octets"] = .integer(text.words.utf8.count)
    _ = try await transaction.rows([
      ContractTextStore.add(text, to: contract, behind: version, by: nil, at: now, in: tenant.id),
      AuditStore.add(
        id: identities.next(at: now, using: &random), at: now, actor: nil, side: "system", action: "contract-text.attach",
        subjectKind: "contract", subject: contract, request: nil,
        data: .object(data), in: tenant.id),
    ])
    return (version + 1, true)
  }
}
