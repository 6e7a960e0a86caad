// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres
import Store

/// Identifiers for what a command writes, and its notes in the platform's audit log.
struct CommandNotes {
  private let now: Instant
  private var identities = UUIDv7Generator()
  private var random = SystemRandomNumberGenerator()

  init(_ session: CommandSession) { now = session.now }

  mutating func identity() -> UUIDv7 { identities.next(at: now, using: &random) }

  mutating func platform(_ action: String, _ kind: String, _ subject: String, _ data: JSONObject = [:]) -> Statement {
    PlatformAuditStore.add(
      id: identity(), at: now, actor: nil, action: action, subjectKind: kind, subject: subject, request: nil,
      data: .object(TenantApply.Author.commandLine.data(with: data)))
  }

  mutating func office(
    _ action: String, _ kind: String, _ subject: String, _ data: JSONObject = [:], in tenant: TenantID
  ) -> Statement {
    AuditStore.add(
      id: identity(), at: now, actor: nil, side: "system", action: action, subjectKind: kind, subject: subject, request: nil,
      data: .object(TenantApply.Author.commandLine.data(with: data)), in: tenant)
  }
}

extension TenantApply.Author {
  /// What the author says of itself, and more.
  func data(with more: JSONObject) -> JSONObject {
    var all = data
    for member in more.members { all[member.name] = member.value }
    return all
  }
}
