// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// Invented people and what they are to have recorded, for a deployment that is there to be looked at; never for real use.
struct DemoFile: Sendable {
  /// Somebody of the platform.
  struct PlatformUser: Sendable {
    let login: String
    let name: String
    let roles: [String]
  }

  /// Somebody of an office's staff list, with the roles the office's files give.
  struct User: Sendable {
    let login: String
    let person: String
  }

  /// A fact, by whom it was recorded; an incident, by whom it was proposed, by whom its amount was set and why, and by whom it was confirmed.
  struct Record: Sendable {
    let contract: String
    let by: String
    let setBy: String?
    let decidedBy: String?
    let note: String?
    let fact: FactContent
  }

  let platformUsers: [PlatformUser]
  let tenant: String?
  let users: [User]
  let records: [Record]
}

extension DemoFile {
  private static let login = Shape<String>.string(minLength: 1, maxLength: 64)

  private static let platformUser: Shape<PlatformUser> = .object(
    Field("login", login), Field("name", .string(minLength: 1, maxLength: 80)), Field("roles", .array(of: login, min: 1, max: 10))
  ) { PlatformUser(login: $0, name: $1, roles: $2) }

  private static let user: Shape<User> = .object(Field("login", login), Field("person", .code)) { User(login: $0, person: $1) }

  private static let record: Shape<Record> = Shape<Record>.object(
    Field("contract", .code), Field("by", login), Field(optional: "setBy", login), Field(optional: "decidedBy", login),
    Field(optional: "note", .string(minLength: 1, maxLength: 2000)), Field("fact", FactContent.shape)
  ) { Record(contract: $0, by: $1, setBy: $2, decidedBy: $3, note: $4, fact: $5) }.refine { record in
    let isIncident = record.fact.body.kind == "incident"
    if isIncident == (record.decidedBy != nil), !isIncident || record.fact.at != nil { return nil }
    return Fault(
      pointer: "/decidedBy", code: "bad-combination",
      detail: Text(zh: "情形（且只有情形）须有 decidedBy，并写明时刻。", en: "An incident, and only one, has decidedBy, and says its moment."))
  }

  /// The form of `deploy/demo/*.json`.
  static let shape: Shape<DemoFile> = Shape<DemoFile>.object(
    "demo", about: Text(zh: "演示用的人员与记录。", en: "People to look around as, and records to look at."),
    Field("platformUsers", .array(of: platformUser, max: 20, uniqueBy: "login", key: \.login), default: []),
    Field(optional: "tenant", .code), Field("users", .array(of: user, max: 200, uniqueBy: "login", key: \.login), default: []),
    Field("records", .array(of: record, max: 1000), default: [])
  ) { DemoFile(platformUsers: $0, tenant: $1, users: $2, records: $3) }.refine { file in
    guard file.tenant == nil, !file.users.isEmpty || !file.records.isEmpty else { return nil }
    return Fault(pointer: "/tenant", code: "missing-member", detail: Text(zh: "须注明单位。", en: "The office must be named."))
  }
}
