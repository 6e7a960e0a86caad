// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Crypto
import Domain
import Glibc
import Support
import Testing

@Suite("Attachments", .deployment, .serialized)
struct AttachmentTests {
  private let deployment: Deployment
  private let database: TestDatabase
  /// An order dispatched to one department, and one that nobody has.
  private let order = "01890000-0000-7000-8000-00000000a001"
  private let other = "01890000-0000-7000-8000-00000000a002"

  init() throws {
    deployment = try Deployment.current
    database = deployment.database
    try database.script(
      """
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, title, department, received_at, changed_at)
      SELECT tenant_id, o.id::uuid, 1, 'received', true, 'city', o.id, '7d', '诉求', o.department, now(), now()
      FROM tenant, (VALUES ('\(order)', 'planning'), ('\(other)', NULL)) o (id, department)
      WHERE code = 'anding' ON CONFLICT DO NOTHING
      """)
  }

  private func tenant() throws -> TenantID {
    let number = try #require(Int32(try database.sql("SELECT tenant_id FROM tenant WHERE code = 'anding'")))
    return try #require(TenantID(number))
  }

  private func path(_ order: String? = nil) -> String { "/v1/tenants/anding/work-orders/\(order ?? self.order)/attachments" }

  private func add(_ content: [UInt8], _ type: String = "image/png", _ name: String = "photo.png", by login: String = "anding.supervisor")
    throws
    -> Caller.Answer
  {
    try who(login).upload("\(path())?name=\(name)", content, type)
  }

  private func who(_ login: String = "anding.supervisor") throws -> Caller { try deployment.caller(login) }

  /// A content that begins as a picture does, and differs by its mark.
  private func picture(_ count: Int, _ mark: String) -> [UInt8] {
    var content: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(mark.utf8)
    while content.count < count { content.append(UInt8(truncatingIfNeeded: content.count &* 7 ^ content.count >> 9)) }
    return content
  }

  private func files() throws -> [String] {
    try Command.run(["find", deployment.state + "/attachments", "-type", "f"]).output.split(separator: "\n").map(String.init).sorted()
  }

  @Test("a file comes back as it was, whole and in parts, and never as a page")
  func roundTrip() throws {
    let content = picture(300_000, "round trip")
    let added = try add(content, "image/png", "%E7%8E%B0%E5%9C%BA%20%22a%22.png")
    try #require(added.status == 201, "\(added.text)")
    #expect(added.string("/kind") == "photo")
    #expect(added.string("/name") == "现场 \"a\".png")
    #expect(added.json["octets"]?.integer == 300_000)
    let sha256 = Hex.encode(try SHA256.digest(of: content))
    #expect(added.string("/sha256") == sha256)
    let location = try #require(added.fields["location"])
    #expect(try who().get(location).json == added.json)
    let whole = try who().fetch(location + "/content")
    #expect(whole.status == 200)
    #expect(whole.body == content)
    #expect(whole.fields["content-type"] == "image/png")
    #expect(whole.fields["etag"] == "\"\(sha256)\"")
    #expect(whole.fields["accept-ranges"] == "bytes")
    #expect(whole.fields["x-content-type-options"] == "nosniff")
    #expect(whole.fields["content-security-policy"] == "default-src 'none'; sandbox")
    #expect(
      whole.fields["content-disposition"] == "attachment; filename=\"__ _a_.png\"; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%20%22a%22.png")
    let head = try who().fetch(location + "/content", method: "HEAD")
    #expect(head.fields["content-length"] == "300000")
    let part = try who().fetch(location + "/content", ["Range": "bytes=100-199"])
    #expect(part.status == 206)
    #expect(part.fields["content-range"] == "bytes 100-199/300000")
    #expect(part.body == Array(content[100..<200]))
    let end = try who().fetch(location + "/content", ["Range": "bytes=-150000", "If-Range": "\"\(sha256)\""])
    #expect(end.body == Array(content.suffix(150_000)))
    let changed = try who().fetch(location + "/content", ["Range": "bytes=-5", "If-Range": "\"other\""])
    #expect(changed.status == 200 && changed.body == content)
    let beyond = try who().fetch(location + "/content", ["Range": "bytes=300000-"])
    #expect(beyond.status == 416 && beyond.fields["content-range"] == "bytes */300000")
    #expect(try who().fetch(location + "/content", ["If-None-Match": "\"\(sha256)\""]).status == 304)
    let listed = try who().get(path())
    #expect(listed.json["items"]?.array?.contains(added.json) == true)
    // Who has taken it is on record, once for the whole and not for a later part.
    let reads = try database.sql(
      "SELECT count(*) FROM audit_event WHERE action = 'attachment.read' AND data ->> 'attachment' = '\(added.string("/id") ?? "")'")
    #expect(reads == "2")
  }

  @Test("the same content is stored and counted once, and swept when nothing refers to it any more")
  func sweeping() async throws {
    let tenant = try tenant()
    let content = picture(100_000, "sweeping")
    func used() throws -> Int { Int(try database.sql("SELECT coalesce(sum(used), 0) FROM storage_account")) ?? -1 }
    let before = (used: try used(), files: try files().count)
    let added = try (0..<3).map { _ in try add(content) }
    #expect(added.allSatisfy { $0.status == 201 })
    #expect(try used() == before.used + 100_000)
    #expect(try files().count == before.files + 1)
    let vault = try FileVault(directory: deployment.state + "/attachments")
    defer { vault.stop() }
    let sweep = AttachmentSweep(lanes: database.lanes, files: vault, tenant: tenant)
    let later = try #require(Instant(microseconds: Int64(time(nil)) * 1_000_000 + 2 * Instant.hour))
    for (number, answer) in added.enumerated() {
      try await sweep.sweepUnreferenced(at: later)
      #expect(try files().count == before.files + 1, "before removing \(number)")
      #expect(try who().delete(try #require(answer.fields["location"])).status == 204)
    }
    try await sweep.sweepUnreferenced(at: try later.adding(microseconds: -Instant.day))
    #expect(try files().count == before.files + 1)
    try await sweep.sweepUnreferenced(at: later)
    #expect(try files().count == before.files)
    #expect(try used() == before.used)
    #expect(try add(content).status == 201)
    #expect(try used() == before.used + 100_000)
    // What a crash leaves behind: a draft, and a file without a row. What has a row stays.
    let stray = Hex.encode(try SHA256.digest(of: [1])) + ".01890000-0000-7000-8000-00000000b001"
    for leftover in ["incoming/x", "\(stray.prefix(2))/\(stray)"] {
      let file = deployment.state + "/attachments/\(tenant.number)/" + leftover
      _ = try Command.run(["mkdir", "-p", file])
      _ = try Command.run(["rmdir", file])
      _ = try Command.run(["touch", "-d", "2 days ago", file])
    }
    try await sweep.sweepLeftovers()
    #expect(try files().count == before.files + 1)
    try await sweep.sweepLeftovers(olderThan: .seconds(-10))
    #expect(try files().count == before.files + 1)
  }

  @Test("the same content stored by several at once, and swept meanwhile, is there for whoever refers to it")
  func races() async throws {
    let tenant = try tenant()
    let vault = try FileVault(directory: deployment.state + "/attachments")
    defer { vault.stop() }
    let sweep = AttachmentSweep(lanes: database.lanes, files: vault, tenant: tenant)
    let later = try #require(Instant(microseconds: Int64(time(nil)) * 1_000_000 + 2 * Instant.hour))
    let content = picture(20_000, "races")
    let caller = try who()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for round in 0..<8 {
            let added = try caller.upload("\(path())?name=a.png", content, "image/png")
            try #require(added.status == 201, "\(added.text)")
            let location = try #require(added.fields["location"])
            #expect(try caller.fetch(location + "/content").body == content)
            if round % 2 == 0 { #expect(try caller.delete(location).status == 204) }
          }
        }
      }
      group.addTask { for _ in 0..<40 { try await sweep.sweepUnreferenced(at: later) } }
      try await group.waitForAll()
    }
    for item in try caller.get(path() + "?limit=500").json["items"]?.array ?? [] {
      let id = try #require(item["id"]?.string)
      let fetched = try caller.fetch("\(path())/\(id)/content")
      #expect(fetched.status == 200)
      #expect(Hex.encode(try SHA256.digest(of: fetched.body)) == item["sha256"]?.string)
    }
  }

  @Test("a file that is not what it is said to be, or is not taken at all, is refused and leaves nothing behind")
  func refused() throws {
    let before = try files()
    let html = Array("<!DOCTYPE html><script>alert(1)</script>".utf8) + [UInt8](repeating: 0x20, count: 100)
    #expect(try add(html, "text/html").json["code"]?.string == "format-not-taken")
    #expect(try add(html, "image/png").json["code"]?.string == "format-differs")
    #expect(try add([], "image/png").json["code"]?.string == "format-differs")
    #expect(try add(picture(9, ""), "image/png").status == 201)
    #expect(try add(picture(100, ""), "image/png", "a%2Fb").status == 422)
    #expect(try who().upload(path(), picture(100, ""), "image/png").status == 422)
    #expect(try files().count == before.count + 1)
    #expect(try Command.run(["find", deployment.state + "/attachments", "-path", "*/incoming/*"]).output.isEmpty)
  }

  @Test("an office stays within its bounds, which the platform sets")
  func quota() throws {
    let admin = try deployment.caller("platform.admin")
    let storage = "/v1/platform/tenants/anding/storage"
    _ = try add(picture(1000, "quota"))
    let used = try #require(try admin.get(storage).json["usedOctets"]?.integer)
    func bound(_ quota: Int64, _ file: Int64) throws -> Caller.Answer {
      try admin.put(storage, ["quotaOctets": .integer(quota), "greatestFileOctets": .integer(file)])
    }
    #expect(try bound(used - 1, 1000).json["code"]?.string == "quota-below-use")
    #expect(try bound(used + 5000, 4000).status == 200)
    #expect(try add(picture(4001, "one")).json["code"]?.string == "file-too-large")
    #expect(try add(picture(4000, "two")).status == 201)
    #expect(try add(picture(1001, "three")).json["code"]?.string == "storage-quota-exceeded")
    #expect(try add(picture(4000, "two")).json["code"]?.string == "storage-quota-exceeded")
    #expect(try add(picture(1000, "four")).status == 201)
    #expect(try bound(100 << 30, 512 << 20).status == 200)
    #expect(try admin.get(storage).json["usedOctets"]?.integer == used + 5000)
    #expect(try who().get(storage).status == 403)
  }

  @Test("who may not see the order sees no attachment, and a repeated upload is answered once")
  func access() throws {
    #expect(try who().upload("\(path("01890000-0000-7000-8000-00000000a009"))?name=a.png", picture(100, ""), "image/png").status == 404)
    let foreign = try deployment.caller("huoying.leader")
    #expect(try foreign.get(path()).status == 404)
    let finance = try deployment.caller("anding.finance")
    #expect(try finance.get(path()).status == 403)
    // A department's handler has what is dispatched to it, and nothing else.
    let handler = try deployment.caller("anding.handler")
    #expect(try handler.upload("\(path())?name=a.png", picture(100, "handled"), "image/png").status == 201)
    #expect(try handler.get(path()).status == 200)
    #expect(try handler.upload("\(path(other))?name=a.png", picture(100, ""), "image/png").status == 404)
    #expect(try handler.get(path(other)).status == 404)
    let content = picture(5000, "repeated")
    let first = try who().upload("\(path(other))?name=a.png", content, "image/png", ["Idempotency-Key": "k1"])
    let again = try who().upload("\(path(other))?name=a.png", content, "image/png", ["Idempotency-Key": "k1"])
    #expect(first.status == 201 && again.json == first.json)
    #expect(again.fields["idempotency-replayed"] == "true")
    #expect(try who().get(path(other)).json["items"]?.array?.count == 1)
    #expect(try who().upload("\(path(other))?name=a.png", content + [1], "image/png", ["Idempotency-Key": "k1"]).status == 422)
    // A step of the history holds it.
    let id = try #require(first.string("/id"))
    try database.script(
      """
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, side, kind, data)
      SELECT tenant_id, '\(other)', 2, '01890000-0000-7000-8000-00000000c001', now(), 'vendor', 'replied',
        '{"media": [{"kind": "photo", "reference": "\(id)"}]}' FROM tenant WHERE code = 'anding'
      """)
    #expect(try who().delete("\(path(other))/\(id)").json["code"]?.string == "referred-to")
    // So does the recording of a callback.
    let called = try who().upload("\(path(other))?name=a.png", content + [2], "image/png")
    let recording = try #require(called.string("/id"))
    try database.script(
      """
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, side, kind, data)
      SELECT tenant_id, '\(other)', 3, '01890000-0000-7000-8000-00000000c002', now(), 'vendor', 'calledBack',
        '{"recording": "\(recording)"}' FROM tenant WHERE code = 'anding'
      """)
    #expect(try who().delete("\(path(other))/\(recording)").json["code"]?.string == "referred-to")
  }
}
