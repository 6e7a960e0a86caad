// SPDX-License-Identifier: Apache-2.0
import Base

/// Who works for the office and for its vendors, and which posts of which contracts they hold.
package struct StaffList: Sendable, Hashable {
  package struct Person: Sendable, Hashable {
    package let code: String
    package let name: String
    package let organisation: String
    package let department: String?

    package init(code: String, name: String, organisation: String, department: String?) {
      self.code = code
      self.name = name
      self.organisation = organisation
      self.department = department
    }
  }

  /// A post held for a time.
  package struct Assignment: Sendable, Hashable {
    package let person: String
    package let contract: String
    package let post: String
    package let from: CivilDate
    package let to: CivilDate?

    package init(person: String, contract: String, post: String, from: CivilDate, to: CivilDate?) {
      self.person = person
      self.contract = contract
      self.post = post
      self.from = from
      self.to = to
    }
  }

  package let people: [Person]
  package let assignments: [Assignment]
}

extension StaffList {
  private static let person: Shape<Person> = .object(
    "person", about: Text(zh: "人员。", en: "A person."),
    Field("code", .code), Field("name", .string(minLength: 1, maxLength: 80)), Field("organisation", .code),
    Field(optional: "department", .code)
  ) { Person(code: $0, name: $1, organisation: $2, department: $3) }

  private static let assignment: Shape<Assignment> = Shape<Assignment>.object(
    "assignment", about: Text(zh: "任岗。", en: "A post held for a time."),
    Field("person", .code), Field("contract", .code), Field("post", .code), Field("from", .date), Field(optional: "to", .date)
  ) { Assignment(person: $0, contract: $1, post: $2, from: $3, to: $4) }.refine { assignment in
    guard let to = assignment.to, to < assignment.from else { return nil }
    return Fault(pointer: "/to", code: "out-of-range", detail: Text(zh: "早于 from。", en: "This is before from."))
  }

  /// The form of `staff.json`.
  package static let fileShape: Shape<StaffList> = .object(
    Field("people", .array(of: person, max: 10_000, uniqueBy: "code", key: \.code)),
    Field("assignments", .array(of: assignment), default: [])
  ) { StaffList(people: $0, assignments: $1) }
}
