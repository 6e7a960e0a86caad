// SPDX-License-Identifier: Apache-2.0

/// One row of every tenant table, for tests that go over all of them; whoever adds a table adds its row here, or those tests fail.
///
/// Codes and identities differ from tenant to tenant, so that a reference across would have to be noticed.
enum SampleRows {
  /// What the platform has to know before: an office, a vendor, a user, the tenant itself.
  static func platform(_ tag: String) -> String {
    """
    INSERT INTO organisation (code, kind, name_zh, name_en, created_at)
      VALUES ('office-\(tag)', 'office', '单位', 'Office', now()), ('vendor-\(tag)', 'vendor', '公司', 'Vendor', now());
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

  /// One row of each table, a table after those that it refers to: its columns with their values. What a column's default serves, is left
  /// out.
  static func tenant(_ tag: String, number: Int) -> [(table: String, columns: KeyValuePairs<String, String>)] {
    let ours: (String) -> String = { "'\($0)-\(tag)'" }
    let tenant = String(number)
    return [
      ("department", ["tenant_id": tenant, "code": ours("dept"), "name_zh": "'科室'", "name_en": "'Department'"]),
      (
        "role",
        [
          "tenant_id": tenant, "code": ours("role"), "side": "'office'", "title_zh": "'角色'", "title_en": "'Role'", "permissions": "'{}'",
        ]
      ),
      (
        "membership",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 1))'", "user_id": "'\(user(tag))'", "role": ours("role"),
          "department": ours("dept"), "valid_from": "now()", "granted_at": "now()",
        ]
      ),
      (
        "tenant_file",
        ["tenant_id": tenant, "path": ours("office.json"), "document": "'{}'", "sha256": "sha256('x')", "applied_at": "now()"]
      ),
      (
        "audit_event",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 2))'", "at": "now()", "side": "'system'", "action": "'test'",
          "subject_kind": "'tenant'", "subject": "'\(tag)'",
        ]
      ),
      (
        "idempotency",
        [
          "tenant_id": tenant, "principal": "'\(user(tag))'", "route": "'route'", "key": ours("key"), "request_hash": "sha256('x')",
          "created_at": "now()", "expires_at": "now() + interval '1 day'",
        ]
      ),
      (
        "contract",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "vendor": ours("vendor"), "title_zh": "'合同'",
          "title_en": "'Contract'", "vendor_from": "'2026-01-01'", "created_at": "now()",
        ]
      ),
      ("staff_book", ["tenant_id": tenant, "contract_id": ours("contract")]),
      (
        "contract_revision",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "revision": "1", "kind": "'original'", "effective_from": "'2026-01-01'",
          "document": "'{}'", "sha256": "sha256('x')", "applied_at": "now()",
        ]
      ),
      (
        "contract_text",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "version": "1", "media_type": "'text/plain'", "words": "'第一条 服务'",
          "sha256": "sha256('x')", "attached_at": "now()",
        ]
      ),
      (
        "finding_acknowledgement",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "finding": ours("finding"), "seen": "'12'", "reason": "'ok'",
          "acknowledged_by": "'\(user(tag))'", "acknowledged_at": "now()",
        ]
      ),
      (
        "rule_table",
        [
          "tenant_id": tenant, "purpose": ours("purpose"), "revision": "1", "effective_from": "'2026-01-01'", "document": "'{}'",
          "sha256": "sha256('x')", "applied_at": "now()",
        ]
      ),
      (
        "post",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "code": ours("post"), "title_zh": "'岗位'", "title_en": "'Post'",
          "places": "4",
        ]
      ),
      (
        "staff_member",
        [
          "tenant_id": tenant, "code": ours("person"), "display_name": "'某人'", "organisation": ours("vendor"),
          "department": ours("dept"), "user_id": "'\(user(tag))'",
        ]
      ),
      (
        "staff_change",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 50))'", "contract_id": ours("contract"), "post": ours("post"),
          "leaves": ours("person"), "effective_on": "'2026-02-01'", "reason": "'换人'", "requested_by": "'\(user(tag))'",
          "requested_at": "now()",
        ]
      ),
      (
        "staff_condition",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 51))'", "person": ours("person"), "contract_id": ours("contract"),
          "condition": "'pledged'", "met_on": "'2026-01-01'", "document": "'承诺书'", "recorded_by": "'\(user(tag))'",
          "recorded_side": "'vendor'", "recorded_at": "now()",
        ]
      ),
      (
        "staff_clearance",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 52))'", "person": ours("person"), "contract_id": ours("contract"),
          "materials_returned_on": "'2026-01-31'", "data_destroyed_on": "'2026-01-31'", "document": "'交接单'", "state": "'declared'",
          "declared_by": "'\(user(tag))'", "declared_side": "'vendor'", "declared_at": "now()",
        ]
      ),
      (
        "staff_assignment",
        [
          "tenant_id": tenant, "person": ours("person"), "contract_id": ours("contract"), "post": ours("post"),
          "assigned_from": "'2026-01-01'",
        ]
      ),
      (
        "roster_rules",
        [
          "tenant_id": tenant, "revision": "1", "effective_from": "'2026-01-01'", "document": "'{}'", "sha256": "sha256('x')",
          "applied_at": "now()",
        ]
      ),
      ("attendance_book", ["tenant_id": tenant, "person": ours("person"), "judge_from": "now()", "next_at": "now()"]),
      (
        "shift",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 40))'", "person": ours("person"), "contract_id": ours("contract"),
          "post": ours("post"), "starts_at": "'2026-01-01 08:00+08'", "ends_at": "'2026-01-01 20:00+08'", "origin": "'planned'",
          "planned_by": "'\(user(tag))'", "planned_at": "now()",
        ]
      ),
      (
        "staff_leave",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 41))'", "person": ours("person"), "starts_at": "now()",
          "ends_at": "now() + interval '1 day'", "reason": "'事假'", "requested_by": "'\(user(tag))'", "requested_side": "'vendor'",
          "requested_at": "now()",
        ]
      ),
      (
        "leave_return",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 43))'", "leave_id": "'\(identity(tag, 41))'", "back_at": "now()",
          "reason": "'提前销假'", "requested_by": "'\(user(tag))'", "requested_side": "'vendor'", "requested_at": "now()",
        ]
      ),
      (
        "shift_swap",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 42))'", "shift_id": "'\(identity(tag, 40))'", "to_person": ours("person"),
          "reason": "'换班'", "requested_by": "'\(user(tag))'", "requested_side": "'vendor'", "requested_at": "now()",
        ]
      ),
      (
        "clock_mark",
        [
          "tenant_id": tenant, "person": ours("person"), "at": "'2026-01-01 08:00+08'", "direction": "'in'", "source": "'api'",
          "recorded_by": "'\(user(tag))'", "recorded_at": "now()",
        ]
      ),
      (
        "mark_correction",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 44))'", "person": ours("person"), "at": "'2026-01-01 08:00+08'",
          "direction": "'in'", "kind": "'void'", "reason": "'误刷'", "requested_by": "'\(user(tag))'",
          "requested_side": "'vendor'", "requested_at": "now()",
        ]
      ),
      (
        "roster_proposal",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 43))'", "contract_id": ours("contract"), "first_day": "'2026-01-01'",
          "last_day": "'2026-01-31'", "document": "'{}'", "proposed_by": "'\(user(tag))'", "proposed_side": "'vendor'",
          "proposed_at": "now()",
        ]
      ),
      (
        "incident",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 3))'", "contract_id": ours("contract"), "kind": "'late'", "occurred_at": "now()",
          "proposed_side": "'system'", "proposed_at": "now()", "recorded_at": "now()",
        ]
      ),
      (
        "incident_step",
        [
          "tenant_id": tenant, "incident_id": "'\(identity(tag, 3))'", "version": "2", "step": "'confirm'", "at": "now()",
          "actor": "'\(user(tag))'", "side": "'office'",
        ]
      ),
      (
        "score_sheet",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 60))'", "contract_id": ours("contract"), "series": "'staff'",
          "period": "'quarter-1'", "assessed_on": "'2026-03-31'", "value": "'90'", "filled_by": "'\(user(tag))'", "filled_at": "now()",
        ]
      ),
      (
        "score_sheet_step",
        [
          "tenant_id": tenant, "sheet_id": "'\(identity(tag, 60))'", "version": "1", "step": "'fill'", "at": "now()",
          "actor": "'\(user(tag))'", "filled": "'{}'",
        ]
      ),
      (
        "grade",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 61))'", "contract_id": ours("contract"), "series": "'monthly'",
          "period": "'2026-01'", "proposed": "'好'", "reason": "'评价表'", "proposed_by": "'\(user(tag))'", "proposed_at": "now()",
        ]
      ),
      (
        "obligation",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "id": ours("duty"), "bearer": "'vendor'", "state": "'pending'",
          "due_at": "now()",
        ]
      ),
      (
        "staff_demand",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 53))'", "contract_id": ours("contract"), "post": ours("post"),
          "kind": "'replacement'", "person": ours("person"), "posted_from": "'2026-01-01'", "demanded_on": "'2026-02-01'",
          "reason": "'不达标'", "raised_side": "'office'", "raised_by": "'\(user(tag))'", "raised_at": "now()",
        ]
      ),
      ("obligation_book", ["tenant_id": tenant, "contract_id": ours("contract")]),
      ("obligation_change", ["tenant_id": tenant, "id": "'\(identity(tag, 20))'", "contract_id": ours("contract")]),
      (
        "notice",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 21))'", "at": "now()", "side": "'both'", "kind": "'test'",
          "contract_id": ours("contract"), "subject_kind": "'test'", "subject": "'\(tag)'",
        ]
      ),
      (
        "calendar_feed",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 60))'", "user_id": "'\(user(tag))'", "token_hash": "sha256('\(tag)')",
          "language": "'zh'", "created_at": "now()",
        ]
      ),
      (
        "fact",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 4))'", "contract_id": ours("contract"), "kind": "'grade'",
          "occurred_on": "'2026-01-01'", "data": "'{}'", "recorded_side": "'system'", "recorded_at": "now()",
        ]
      ),
      (
        "work_order",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 5))'", "version": "1", "stage": "'received'", "is_open": "true",
          "source": "'city'", "external_number": ours("number"), "grade": "'7d'", "title": "'诉求'", "received_at": "now()",
          "changed_at": "now()",
        ]
      ),
      (
        "work_order_event",
        [
          "tenant_id": tenant, "order_id": "'\(identity(tag, 5))'", "seq": "1", "id": "'\(identity(tag, 6))'", "at": "now()",
          "side": "'system'", "kind": "'received'",
        ]
      ),
      (
        "intake_map",
        [
          "tenant_id": tenant, "name": ours("map"), "version": "1", "document": "'{}'", "written_by": "'\(user(tag))'",
          "written_at": "now()",
        ]
      ),
      (
        "order_batch",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 20))'", "format": "'csv'", "is_dry": "false", "state": "'running'",
          "started_by": "'\(user(tag))'", "started_at": "now()", "updated_at": "now()", "map": ours("map"), "map_version": "1",
        ]
      ),
      (
        "order_batch_fault",
        [
          "tenant_id": tenant, "batch_id": "'\(identity(tag, 20))'", "line": "2", "place": "0", "pointer": "'/title'",
          "code": "'missing-member'", "detail_zh": "'缺'", "detail_en": "'missing'",
        ]
      ),
      ("storage_account", ["tenant_id": tenant, "used": "5"]),
      (
        "stored_file",
        ["tenant_id": tenant, "sha256": "sha256('\(tag)')", "file": "'\(identity(tag, 7))'", "octets": "5", "touched_at": "now()"]
      ),
      (
        "attachment",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 8))'", "order_id": "'\(identity(tag, 5))'", "sha256": "sha256('\(tag)')",
          "kind": "'photo'", "media_type": "'image/png'", "name": "'照片.png'", "attached_by": "'\(user(tag))'", "side": "'office'",
          "attached_at": "now()",
        ]
      ),
      (
        "rate_delta",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 30))'", "day": "'2026-01-01'", "class": "'counted'", "department": "''",
          "community": "''", "category": "''", "seat": "''", "orders": "1", "responded": "0", "called_back": "0", "solved": "0",
          "partly": "0", "satisfied": "0", "basically": "0",
        ]
      ),
      (
        "rate_count",
        [
          "tenant_id": tenant, "dimension": "'category'", "day": "'2026-01-01'", "key": ours("key"), "class": "'counted'", "orders": "1",
          "responded": "0", "called_back": "0", "solved": "0", "partly": "0", "satisfied": "0", "basically": "0",
        ]
      ),
      (
        "data_key",
        [
          "tenant_id": tenant, "number": "1", "purpose": "'citizen'", "master": "1", "sealed": "sha256('x')", "created_at": "now()",
        ]
      ),
      (
        "recording",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 42))'", "order_id": "'\(identity(tag, 5))'", "reference": "'recorder:1'",
          "recorded_by": "'\(user(tag))'", "side": "'vendor'", "recorded_at": "now()",
        ]
      ),
      (
        "key_complainant",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 40))'", "order_id": "'\(identity(tag, 5))'", "ground": "'phone'", "orders": "3",
          "reason": "'多次来电'", "sealed": "sha256('x')", "data_key": "1", "visit_count": "1", "visit_unit": "'months'",
          "visit_from": "'2026-01-01'", "marked_by": "'\(user(tag))'", "side": "'office'", "marked_at": "now()",
        ]
      ),
      (
        "key_complainant_order",
        [
          "tenant_id": tenant, "complainant_id": "'\(identity(tag, 40))'", "order_id": "'\(identity(tag, 5))'", "ground": "'content'",
          "linked_by": "'\(user(tag))'", "linked_at": "now()",
        ]
      ),
      (
        "complainant_record",
        [
          "tenant_id": tenant, "id": "'\(identity(tag, 41))'", "complainant_id": "'\(identity(tag, 40))'", "kind": "'visit'",
          "form": "'telephone'", "day": "'2026-01-01'", "is_reached": "true", "sealed": "sha256('x')", "data_key": "1",
          "recorded_by": "'\(user(tag))'", "side": "'vendor'", "recorded_at": "now()",
        ]
      ),
      ("work_order_place", ["tenant_id": tenant, "place": "1", "order_id": "'\(identity(tag, 5))'"]),
      ("work_order_gram", ["tenant_id": tenant, "gram": "1", "base": "0", "size": "1", "steps": "'\\x0001'"]),
      ("work_order_ungathered", ["tenant_id": tenant, "order_id": "'\(identity(tag, 0))'"]),
      (
        "work_order_gathering",
        ["tenant_id": tenant, "base": "0", "first_order": "'\(identity(tag, 5))'", "last_order": "'\(identity(tag, 5))'"]
      ),
      (
        "work_order_content",
        ["tenant_id": tenant, "order_id": "'\(identity(tag, 5))'", "content": "'内容'", "intake_code": "sha256('x')"]
      ),
      (
        "work_order_clock",
        [
          "tenant_id": tenant, "order_id": "'\(identity(tag, 5))'", "document": ours("contract"), "revision": "1", "rule": "'sign'",
          "started_at": "now()", "number": "1", "span_count": "30", "span_unit": "'minutes'", "recurs": "false", "owner": "'vendor'",
          "done_by": "'signed'", "opens_at": "now()", "state": "'running'",
        ]
      ),
      (
        "settlement",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "payment": "'first'", "state": "'draft'", "version": "1",
        ]
      ),
      (
        "settlement_step",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "payment": "'first'", "version": "2", "step": "'propose'", "at": "now()",
          "actor": "'\(user(tag))'", "side": "'office'",
        ]
      ),
      (
        "settlement_snapshot",
        [
          "tenant_id": tenant, "contract_id": ours("contract"), "payment": "'first'", "place": "1", "bytes": "'x'",
          "sha256": "sha256('x')", "confirmed_at": "now()", "figures": "'{}'",
        ]
      ),
    ]
  }

  /// All rows of a new tenant, for the superuser to run.
  static func script(_ tag: String, number: Int) -> String {
    let rows = tenant(tag, number: number).map { table, columns in
      "INSERT INTO \(table) (\(columns.map(\.key).joined(separator: ", "))) VALUES (\(columns.map(\.value).joined(separator: ", ")));"
    }
    return ([platform(tag)] + rows).joined(separator: "\n")
  }
}
