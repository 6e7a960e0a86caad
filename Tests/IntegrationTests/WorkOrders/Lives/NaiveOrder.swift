// SPDX-License-Identifier: Apache-2.0
import Base

/// Where an order stands, kept in the plainest way from what is known to have happened to it; it shares nothing with the program's own.
struct NaiveOrder: Sendable {
  let id: String
  let number: String
  let source: String
  let contract: String?
  /// Since when, in microseconds, by the source's word.
  let reportedAt: Int64?
  var hasAddress = false
  var kinds = ["received"]
  var stage = "received"
  var (grade, category, area, community) = ("", String?.none, String?.none, String?.none)
  var title: String
  var tags: [String]
  var attributes: JSON
  var department: String?
  var (seat, writer, exclusionAsker) = (String?.none, String?.none, String?.none)
  var isSpecial: Bool
  var (approval, exclusion, appeal) = ("none", "none", "none")
  var appealDue: String?
  var (isOutsideRemit, isHung, isAwaitingCitizen, wasVerified) = (false, false, false, false)
  var contacted: Bool?
  var (resolution, satisfaction) = (String?.none, String?.none)
  var (attempts, urges, reopenings) = (0, 0, 0)
  var repeats: String?

  /// An order by its first entry.
  init(id: String, received: JSON) {
    self.id = id
    number = received["externalNumber"]?.string ?? ""
    source = received["source"]?.string ?? ""
    contract = received["contract"]?.string
    reportedAt = received["reportedAt"]?.string.flatMap { Instant($0)?.microseconds }
    title = received["title"]?.string ?? ""
    tags = (received["tags"]?.array ?? []).compactMap(\.string)
    attributes = received["attributes"] ?? [:]
    isSpecial = received["special"]?.bool ?? false
    grade = received["grade"]?.string ?? ""
    category = received["category"]?.string
    area = received["area"]?.string
    community = received["community"]?.string
    repeats = received["repeats"]?.string
  }

  var version: Int { kinds.count }
  var isOpen: Bool { !["closed", "archived", "returned"].contains(stage) }
  var hasCitizen: Bool { source == "city" || source == "district" }
  var isZeroScore: Bool { contacted == false && resolution == "unsolved" && satisfaction == "dissatisfied" }

  var waits: [String] {
    [
      approval == "asked" ? "awaitingApproval" : nil, isAwaitingCitizen ? "awaitingCitizen" : nil,
      exclusion == "asked" ? "awaitingExclusion" : nil, isHung ? "hung" : nil,
    ].compactMap { $0 }
  }

  /// Becomes what an entry makes it.
  mutating func take(_ kind: String, _ data: JSON, by user: String?) {
    kinds.append(kind)
    switch kind {
    case "signed": (stage, seat) = ("signed", user)
    case "verified":
      (stage, wasVerified) = ("verified", true)
      edit(data)
    case "edited": edit(data)
    case "outsideRemit": isOutsideRemit = true
    case "returned": stage = "returned"
    case "approvalAsked": approval = "asked"
    case "approved": approval = "granted"
    case "approvalRefused": approval = "refused"
    case "dispatched": (stage, department) = ("dispatched", data["department"]?.string)
    case "handlingBegun", "replyRejected": stage = "handling"
    case "urged": urges += 1
    case "citizenAwaited": isAwaitingCitizen = true
    case "citizenAnswered": isAwaitingCitizen = false
    case "hung": isHung = true
    case "resumed": isHung = false
    case "replied": (stage, writer) = ("replied", user)
    case "audited": stage = "audited"
    case "callbackFailed": attempts += 1
    case "calledBack":
      stage = "calledBack"
      attempts += 1
      (contacted, resolution, satisfaction) = (data["contacted"]?.bool, data["resolution"]?.string, data["satisfaction"]?.string)
    case "closed", "archived": stage = kind
    case "exclusionAsked": (exclusion, exclusionAsker) = ("asked", user)
    case "exclusionDecided": exclusion = data["granted"] == true ? "granted" : "refused"
    case "appealed": (appeal, appealDue) = ("asked", data["due"]?.string)
    case "appealDecided": appeal = data["granted"] == true ? "granted" : "refused"
    case "reopened":
      stage = wasVerified ? "verified" : "received"
      reopenings += 1
      isOutsideRemit = false
      (contacted, resolution, satisfaction, attempts) = (nil, nil, nil, 0)
    case "linked": repeats = data["repeats"]?.string
    default: break
    }
    if kind == "replied" || kind == "returned" {
      (isHung, isAwaitingCitizen) = (false, false)
      if approval == "asked" { approval = "none" }
    }
  }

  private mutating func edit(_ data: JSON) {
    grade = data["grade"]?.string ?? grade
    category = data["category"]?.string ?? category
    area = data["area"]?.string ?? area
    community = data["community"]?.string ?? community
    title = data["title"]?.string ?? title
    tags = data["tags"]?.array?.compactMap(\.string) ?? tags
    attributes = data["attributes"] ?? attributes
    isSpecial = data["special"]?.bool ?? isSpecial
  }

  /// What the API shows of it in a list.
  var shown: [String: JSON] {
    func word(_ word: String?) -> JSON { word.map { .string($0) } ?? .null }
    func words(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
    return [
      "id": .string(id), "version": .integer(Int64(version)), "stage": .string(stage), "waits": words(waits), "source": .string(source),
      "externalNumber": .string(number), "contract": word(contract), "grade": .string(grade), "category": word(category),
      "area": word(area),
      "community": word(community), "title": .string(title), "tags": words(tags), "attributes": attributes, "department": word(department),
      "seat": word(seat), "repeats": word(repeats), "special": .bool(isSpecial), "approval": .string(approval),
      "outsideRemit": .bool(isOutsideRemit), "exclusion": .string(exclusion), "appeal": .string(appeal), "appealDue": word(appealDue),
      "contacted": contacted.map { .bool($0) } ?? .null, "resolution": word(resolution), "satisfaction": word(satisfaction),
      "zeroScore": .bool(isZeroScore), "callbackAttempts": .integer(Int64(attempts)), "urges": .integer(Int64(urges)),
      "reopenings": .integer(Int64(reopenings)),
    ]
  }

  /// In which members a row of the API differs from it.
  func differences(from row: JSON) -> [String] {
    shown.compactMap { name, value in
      let found = row[name] ?? .null
      return found.canonical == value.canonical
        ? nil : "\(name): \(String(decoding: found.canonical, as: UTF8.self)), not \(String(decoding: value.canonical, as: UTF8.self))"
    }.sorted()
  }
}
