// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The people whom an office's files name, their posts and assignments; the statements run in the office's context.
package enum StaffStore {
  package struct Person: Sendable, Equatable {
    package let code: String
    package let displayName: String
    package let organisation: String
    package let department: String?
    /// Where the person also signs in.
    package let user: UUIDv7?

    package init(code: String, displayName: String, organisation: String, department: String?, user: UUIDv7?) {
      self.code = code
      self.displayName = displayName
      self.organisation = organisation
      self.department = department
      self.user = user
    }
  }

  /// A post that a contract's staffing rule asks to be filled.
  package struct Post: Sendable, Equatable {
    package let contract: String
    package let code: String
    package let title: Text
    package let places: Int32

    package init(contract: String, code: String, title: Text, places: Int32) {
      self.contract = contract
      self.code = code
      self.title = title
      self.places = places
    }
  }

  package struct Assignment: Sendable, Equatable {
    package let person: String
    package let contract: String
    package let post: String
    package let from: CivilDate
    /// The last day; nil while it lasts.
    package let to: CivilDate?

    package init(person: String, contract: String, post: String, from: CivilDate, to: CivilDate?) {
      self.person = person
      self.contract = contract
      self.post = post
      self.from = from
      self.to = to
    }
  }

  // MARK: People

  /// People by code, those behind `after` only.
  ///
  /// - Parameter vendor: whose people are listed beside the office's; those of every vendor where none is named.
  package static func page(after: String?, limit: Int32, vendor: String? = nil, in tenant: TenantID) -> Query<Person> {
    Query(
      """
      SELECT code, display_name, organisation, department, user_id FROM staff_member s \
      WHERE tenant_id = $1 AND code > $2 AND left_on IS NULL AND ($4::text IS NULL OR organisation = $4 \
      OR EXISTS (SELECT FROM organisation o WHERE o.code = s.organisation AND o.kind = 'office')) ORDER BY code LIMIT $3
      """, [.int4(tenant.number), .text(after ?? ""), .int4(limit), .optional(vendor, .text) { .text($0) }], decode: person)
  }

  /// What people are called, also those who have left.
  package static func names(of people: [String], in tenant: TenantID) -> Query<(code: String, name: String)> {
    Query(
      "SELECT code, display_name FROM staff_member WHERE tenant_id = $1 AND code = ANY ($2)", [.int4(tenant.number), .textArray(people)]
    ) { row throws(DecodingFailure) in (code: try row.text(0), name: try row.text(1)) }
  }

  /// A row when a contract's vendor has a person of this code in the office, also one who has left: facts speak of the past.
  package static func serves(_ code: String, under contract: String, in tenant: TenantID) -> Statement {
    Statement(
      """
      SELECT 1 FROM staff_member s JOIN contract c ON c.tenant_id = s.tenant_id AND c.vendor = s.organisation \
      WHERE s.tenant_id = $1 AND s.code = $2 AND c.contract_id = $3
      """, [.int4(tenant.number), .text(code), .text(contract)])
  }

  /// The people whom the files name now.
  package static func people(in tenant: TenantID) -> Query<Person> {
    Query(
      """
      SELECT code, display_name, organisation, department, user_id FROM staff_member \
      WHERE tenant_id = $1 AND left_on IS NULL AND filed ORDER BY code
      """, [.int4(tenant.number)], decode: person)
  }

  package static func person(_ code: String, in tenant: TenantID) -> Query<Person> {
    Query(
      "SELECT code, display_name, organisation, department, user_id FROM staff_member WHERE tenant_id = $1 AND code = $2 AND left_on IS NULL",
      [.int4(tenant.number), .text(code)], decode: person)
  }

  /// Whether a user signs in as one of some people.
  package static func isAny(of people: [String], _ user: UUIDv7, in tenant: TenantID) -> Query<Bool> {
    Query(
      "SELECT EXISTS (SELECT FROM staff_member WHERE tenant_id = $1 AND code = ANY ($2) AND user_id = $3)",
      [.int4(tenant.number), .textArray(people), .uuid(user)]
    ) { row throws(DecodingFailure) in try row.bool(0) }
  }

  private static let person: @Sendable (Row) throws(DecodingFailure) -> Person = { row throws(DecodingFailure) in
    Person(
      code: try row.text(0), displayName: try row.text(1), organisation: try row.text(2), department: try row.optional(3, row.text),
      user: try row.optional(4, row.identifier))
  }

  /// Makes a person what the files say, also one who had left; touches no row when it is that already. Who signs in as the person stays.
  package static func put(_ person: StaffList.Person, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO staff_member AS old (tenant_id, code, display_name, organisation, department) VALUES ($1, $2, $3, $4, $5) \
      ON CONFLICT (tenant_id, code) DO UPDATE SET display_name = excluded.display_name, organisation = excluded.organisation, \
      department = excluded.department, left_on = NULL, filed = true, version = old.version + 1 \
      WHERE old.left_on IS NOT NULL OR NOT old.filed OR (old.display_name, old.organisation, old.department) \
      IS DISTINCT FROM (excluded.display_name, excluded.organisation, excluded.department)
      """,
      [
        .int4(tenant.number), .text(person.code), .text(person.name), .text(person.organisation),
        .optional(person.department, .text) { .text($0) },
      ])
  }

  /// Adds a person whom the files do not name; fails where somebody has the code.
  package static func add(_ person: StaffList.Person, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO staff_member (tenant_id, code, display_name, organisation, department, filed) VALUES ($1, $2, $3, $4, $5, false)
      """,
      [
        .int4(tenant.number), .text(person.code), .text(person.name), .text(person.organisation),
        .optional(person.department, .text) { .text($0) },
      ])
  }

  /// Says who signs in as a person.
  package static func link(_ code: String, to user: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(
      "UPDATE staff_member SET user_id = $3, version = version + 1 WHERE tenant_id = $1 AND code = $2 AND user_id IS DISTINCT FROM $3",
      [.int4(tenant.number), .text(code), .uuid(user)])
  }

  /// Notes that the files no longer name a person, who belongs to no unit any more and is nobody's sign-in.
  package static func leave(_ code: String, on day: CivilDate, in tenant: TenantID) -> Statement {
    Statement(
      """
      UPDATE staff_member SET left_on = $3, department = NULL, user_id = NULL, version = version + 1 \
      WHERE tenant_id = $1 AND code = $2 AND left_on IS NULL
      """, [.int4(tenant.number), .text(code), .civilDate(day)])
  }

  // MARK: Posts

  package static func posts(in tenant: TenantID) -> Query<Post> {
    Query(
      "SELECT contract_id, code, title_zh, title_en, places FROM post WHERE tenant_id = $1 ORDER BY contract_id, code",
      [.int4(tenant.number)]
    ) { row throws(DecodingFailure) in
      Post(
        contract: try row.text(0), code: try row.text(1), title: Text(zh: try row.text(2), en: try row.text(3)), places: try row.int32(4))
    }
  }

  /// Makes a post what the contract in force says; touches no row when it is that already.
  package static func put(_ post: Post, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO post AS old (tenant_id, contract_id, code, title_zh, title_en, places) VALUES ($1, $2, $3, $4, $5, $6) \
      ON CONFLICT (tenant_id, contract_id, code) DO UPDATE SET title_zh = excluded.title_zh, title_en = excluded.title_en, \
      places = excluded.places, version = old.version + 1 \
      WHERE (old.title_zh, old.title_en, old.places) IS DISTINCT FROM (excluded.title_zh, excluded.title_en, excluded.places)
      """,
      [
        .int4(tenant.number), .text(post.contract), .text(post.code), .text(post.title.zh), .text(post.title.en), .int4(post.places),
      ])
  }

  // MARK: Assignments

  /// Everybody's posts, each to the last day that the person was or is to be there; who never came is left out.
  package static func assignments(in tenant: TenantID) -> Query<Assignment> {
    Query(
      """
      SELECT person, contract_id, post, assigned_from, least(assigned_to, ended_on) FROM staff_assignment \
      WHERE tenant_id = $1 AND (ended_on IS NULL OR ended_on >= assigned_from) ORDER BY contract_id, post, assigned_from, person
      """, [.int4(tenant.number)], decode: assignment)
  }

  /// The assignments that the files name or named, each to the day that was planned.
  package static func filedAssignments(in tenant: TenantID) -> Query<Assignment> {
    Query(
      """
      SELECT person, contract_id, post, assigned_from, assigned_to FROM staff_assignment \
      WHERE tenant_id = $1 AND filed ORDER BY contract_id, post, assigned_from, person
      """, [.int4(tenant.number)], decode: assignment)
  }

  private static let assignment: @Sendable (Row) throws(DecodingFailure) -> Assignment = { row throws(DecodingFailure) in
    Assignment(
      person: try row.text(0), contract: try row.text(1), post: try row.text(2), from: try row.civilDate(3),
      to: try row.optional(4, row.civilDate))
  }

  /// Puts a person on a post from a day on, or sets the last day; touches no row when it is so already.
  package static func put(_ assignment: Assignment, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO staff_assignment AS old (tenant_id, person, contract_id, post, assigned_from, assigned_to) \
      VALUES ($1, $2, $3, $4, $5, $6) \
      ON CONFLICT (tenant_id, person, contract_id, post, assigned_from) DO UPDATE SET assigned_to = excluded.assigned_to, \
      filed = true, closed_at = NULL, version = old.version + 1 WHERE NOT old.filed OR old.assigned_to IS DISTINCT FROM excluded.assigned_to
      """,
      [
        .int4(tenant.number), .text(assignment.person), .text(assignment.contract), .text(assignment.post), .civilDate(assignment.from),
        .optional(assignment.to, .date) { .civilDate($0) },
      ])
  }

  /// Takes back an assignment that has not begun.
  package static func remove(_ assignment: Assignment, in tenant: TenantID) -> Statement {
    Statement(
      """
      DELETE FROM staff_assignment \
      WHERE tenant_id = $1 AND person = $2 AND contract_id = $3 AND post = $4 AND assigned_from = $5
      """,
      [
        .int4(tenant.number), .text(assignment.person), .text(assignment.contract), .text(assignment.post), .civilDate(assignment.from),
      ])
  }
}
