// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What a contract's staff is judged by: its papers, who is and was on which post, what is on record of them.
struct StaffDesk: Sendable {
  let contract: Contract
  let rows: [PostingStore.Row]
  let records: [ConditionRecord]
  /// What was demanded and not withdrawn, the oldest first.
  let demands: [StaffDemandStore.Row]

  /// - Throws: 404 where the office has no such contract.
  init(of contract: String, _ call: Call, _ services: Services) async throws {
    let tenant = try call.office.tenant
    let postings = PostingStore.list(of: contract, in: tenant)
    let standing = StaffConditionStore.standing(of: contract, in: tenant)
    let demanded = StaffDemandStore.standing(of: contract, in: tenant)
    guard
      let (papers, answers) = try await services.dossiers.contract(
        of: contract, in: tenant, on: services.lanes, asking: [postings.statement, standing.statement, demanded.statement])
    else { throw Problem.notFound }
    self.contract = papers
    rows = try answers[0].decoded(by: postings)
    records = try answers[1].decoded(by: standing)
    demands = try answers[2].decoded(by: demanded)
  }

  var postings: [Posting] { rows.map(\.posting) }
  var check: PostingCheck { PostingCheck(contract, postings: postings, records: records) }

  /// The posting of a key.
  ///
  /// - Throws: 404 where there is none.
  func row(_ key: Posting.Key) throws -> PostingStore.Row {
    guard let row = rows.first(where: { $0.posting.key == key }) else { throw Problem.notFound }
    return row
  }
}

extension Services {
  /// A person of the office whom the caller may know of: a vendor's people know nobody of another vendor's.
  ///
  /// - Returns: nil where there is nobody of that code.
  func staff(_ code: String, for call: Call) async throws -> StaffStore.Person? {
    let tenant = try call.office.tenant
    guard let person = try await lanes.first(StaffStore.person(code, in: tenant), in: .tenant(tenant.number)),
      try call.vendor.map({ $0 == person.organisation }) ?? true
    else { return nil }
    return person
  }

  /// The same.
  ///
  /// - Throws: 422 where there is nobody of that code, at the member that names them.
  func staff(_ code: String, at pointer: String, for call: Call) async throws -> StaffStore.Person {
    guard let person = try await staff(code, for: call) else { throw Problem(Faults([.unknownStaff(code, at: pointer)])) }
    return person
  }
}

extension Call {
  /// The answer to what made or changed something that has a version: `{"id": …, "state": …, "version": …}`.
  func receipt(_ id: UUIDv7, _ state: String, version: Int64, at location: String? = nil, status: Status = .ok) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(state)
    writer.key("version")
    writer.integer(version)
    writer.endObject()
    return .json(writer.bytes, version: version, at: location, status: status)
  }

  /// The note that goes into the audit log with what is done to somebody's post.
  func note(_ action: String, on key: Posting.Key, of contract: String, _ data: JSONObject, _ services: Services) throws -> Statement {
    var data = data
    data["contract"] = .string(contract)
    data["post"] = .string(key.post)
    data["from"] = .string("\(key.from)")
    return try note(action, "staff", key.person, .object(data), id: services.identities.next(at: now))
  }
}

extension Deed {
  /// Performs it; a row that is no longer what the caller read is 412.
  func performFromVersion(for call: Call, on lanes: Lanes) async throws -> Response {
    do {
      return try await perform(for: call, on: lanes)
    } catch let error as PostgresError where error.state == .changed {
      throw Problem.changedSince
    }
  }
}
