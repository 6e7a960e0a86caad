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

  /// A fact, by whom it was recorded; an incident, by whom it was proposed, by whom its amount was set and why, and by whom it was confirmed;
  /// a score, by whom its sheet was filled, with which marks, and by whom it was countersigned; a grade, by whom and why it was proposed, and
  /// by whom it was decided.
  struct Record: Sendable {
    let contract: String
    let by: String
    let setBy: String?
    let decidedBy: String?
    let note: String?
    let marks: OrderedMap<Rational>?
    let fact: FactContent
  }

  /// How many work orders the office has, where they come from, and which places they are about.
  struct Orders: Sendable {
    /// An area of the office, its community as orders name it, and what people call the places there.
    struct Place: Sendable {
      let area: String?
      let community: String?
      let names: [String]
    }

    let perMonth: Int
    /// How often each source sends one.
    let sources: [(source: OrderSource, weight: Int)]
    let places: [Place]
  }

  let platformUsers: [PlatformUser]
  let tenant: String?
  let users: [User]
  let orders: Orders?
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
    Field(optional: "note", .string(minLength: 1, maxLength: 2000)), Field(optional: "marks", FilledSheet.marks),
    Field("fact", FactContent.shape)
  ) { Record(contract: $0, by: $1, setBy: $2, decidedBy: $3, note: $4, marks: $5, fact: $6) }.refine { record in
    let kind = record.fact.body.kind
    let isAgreed = ["incident", "score", "grade"].contains(kind)
    if isAgreed == (record.decidedBy != nil), kind != "incident" || record.fact.at != nil, kind != "grade" || record.note != nil {
      return nil
    }
    return Fault(
      pointer: "/decidedBy", code: "bad-combination",
      detail: Text(
        zh: "情形、评分、等次（且只有这些）须有 decidedBy；情形写明时刻，等次写明理由 note。",
        en: "An incident, a score or a grade, and only these, have decidedBy; an incident says its moment, a grade its reason in note."))
  }

  private static let label: Shape<String> = .string(minLength: 1, maxLength: 60)

  private static let place: Shape<Orders.Place> = .object(
    Field(optional: "area", label), Field(optional: "community", label), Field("names", .array(of: label, min: 1, max: 200))
  ) { Orders.Place(area: $0, community: $1, names: $2) }

  private static let weights: Field<[(source: OrderSource, weight: Int)]> = .group(
    Field("city", .integer(0...1000), default: 0), Field("district", .integer(0...1000), default: 0),
    Field("grid", .integer(0...1000), default: 0), Field("cityManagement", .integer(0...1000), default: 0),
    Field("selfFound", .integer(0...1000), default: 0)
  ) { [(.city, $0), (.district, $1), (.grid, $2), (.cityManagement, $3), (.selfFound, $4)] }

  private static let sources: Shape<[(source: OrderSource, weight: Int)]> = Shape<[(source: OrderSource, weight: Int)]>.object(weights)
    .refine { sources in
      sources.contains { $0.weight > 0 }
        ? nil : Fault(code: "wrong-count", detail: Text(zh: "至少要有一个来源。", en: "There must be a source."))
    }

  private static let orders: Shape<Orders> = .object(
    Field("perMonth", .integer(1...1_000_000)), Field("sources", sources), Field("places", .array(of: place, min: 1, max: 500))
  ) { Orders(perMonth: $0, sources: $1, places: $2) }

  /// The form of `deploy/demo/*.json`.
  static let shape: Shape<DemoFile> = Shape<DemoFile>.object(
    "demo", about: Text(zh: "演示用的人员与记录。", en: "People to look around as, and records to look at."),
    Field("platformUsers", .array(of: platformUser, max: 20, uniqueBy: "login", key: \.login), default: []),
    Field(optional: "tenant", .code), Field("users", .array(of: user, max: 200, uniqueBy: "login", key: \.login), default: []),
    Field(optional: "orders", orders), Field("records", .array(of: record, max: 1000), default: [])
  ) { DemoFile(platformUsers: $0, tenant: $1, users: $2, orders: $3, records: $4) }.refine { file in
    guard file.tenant == nil, !file.users.isEmpty || !file.records.isEmpty || file.orders != nil else { return nil }
    return Fault(pointer: "/tenant", code: "missing-member", detail: Text(zh: "须注明单位。", en: "The office must be named."))
  }
}
