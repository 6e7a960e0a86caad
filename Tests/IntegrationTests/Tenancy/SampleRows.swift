// SPDX-License-Identifier: Apache-2.0

/// One row of every tenant table, for tests that go over all of them; whoever adds a table adds its row here, or those tests fail.
///
/// Codes and identities differ from tenant to tenant, so that a reference across would have to be noticed.
enum SampleRows {
  /// What the platform has to know before: an office, a vendor, a user, the tenant itself.
  static func platform(_ tag: String) -> String {
    """
    INSERT INTO organisation VALUES ('office-\(tag)', 'office', '单位', 'Office', now()), ('vendor-\(tag)', 'vendor', '公司', 'Vendor', now());
    INSERT INTO app_user (user_id, login, display_name, organisation, created_at)
      VALUES (uuid('\(user(tag))'), 'user-\(tag)', '某人', 'office-\(tag)', now());
    INSERT INTO tenant (code, kind, name_zh, name_en, organisation, created_at)
      VALUES ('\(tag)', 'town', '某镇', 'A town', 'office-\(tag)', now());
    """
  }

  static func user(_ tag: String) -> String { identity(tag, 0) }

  /// A UUID that tells the tenant and the table apart.
  private static func identity(_ tag: String, _ number: Int) -> String {
    let place = tag.utf8.reduce(0) { $0 * 31 % 65521 + Int($1) }
    return "00000000-0000-7000-8000-" + String(String(place * 1000 + number + 1_000_000_000_000).suffix(12))
  }

  /// Values for one row of each table, a table after those that it refers to; `:tenant` stands for the tenant's number.
  static func tenant(_ tag: String) -> [(table: String, values: String)] {
    [
      ("department", ":tenant, 'dept-\(tag)', NULL, 'department', '科室', 'Department'"),
      ("role", ":tenant, 'role-\(tag)', 'office', '角色', 'Role', '{}'"),
      (
        "membership",
        ":tenant, '\(identity(tag, 1))', '\(user(tag))', 'role-\(tag)', 'dept-\(tag)', now(), NULL, NULL, now()"
      ),
      ("tenant_file", ":tenant, 'office-\(tag).json', '{}', sha256('x'), now(), NULL"),
      ("audit_event", ":tenant, '\(identity(tag, 2))', now(), NULL, 'system', 'test', 'tenant', '\(tag)', NULL, '{}'"),
      (
        "idempotency",
        ":tenant, '\(user(tag))', 'route', 'key-\(tag)', sha256('x'), 200, NULL, '', now(), now() + interval '1 day'"
      ),
      ("contract", ":tenant, 'contract-\(tag)', 'vendor-\(tag)', '合同', 'Contract', 'active', '2026-01-01', NULL, now()"),
      ("contract_revision", ":tenant, 'contract-\(tag)', 1, 'original', '2026-01-01', '{}', sha256('x'), now(), NULL"),
      ("rule_table", ":tenant, 'purpose-\(tag)', 1, '2026-01-01', '{}', sha256('x'), now(), NULL"),
      ("post", ":tenant, 'contract-\(tag)', 'post-\(tag)', '岗位', 'Post', 4"),
      ("staff_member", ":tenant, 'person-\(tag)', '某人', 'vendor-\(tag)', 'dept-\(tag)', '\(user(tag))'"),
      ("staff_assignment", ":tenant, 'person-\(tag)', 'contract-\(tag)', 'post-\(tag)', '2026-01-01', NULL"),
      (
        "incident",
        """
        :tenant, '\(identity(tag, 3))', 'contract-\(tag)', 'late', 'proposed', now(), 'person-\(tag)', NULL, NULL, 1, '', '[]', 'manual',
        'number-\(tag)', 'system', NULL, now(), NULL, NULL, NULL, now()
        """
      ),
      (
        "fact",
        """
        :tenant, '\(identity(tag, 4))', 'contract-\(tag)', 'grade', '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', NULL,
        'system', now(), NULL
        """
      ),
    ]
  }

  /// All rows of a new tenant, for the superuser to run.
  static func script(_ tag: String, number: Int) -> String {
    let rows = tenant(tag).map { "INSERT INTO \($0.table) VALUES (\($0.values.replacing(":tenant", with: String(number))));" }
    return ([platform(tag)] + rows).joined(separator: "\n")
  }
}
