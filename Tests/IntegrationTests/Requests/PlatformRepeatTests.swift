// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Support
import Testing

/// Requests to the platform that are sent again because nobody knows whether they came through.
@Suite("Repeated requests on the platform", .deployment, .serialized)
struct PlatformRepeatTests {
  private static let users = "/v1/platform/users"

  private func user(_ login: String, password: String = "correct horse") -> JSON {
    [
      "login": .string(login), "displayName": "某人", "organisation": "anding-town-government", "password": .string(password),
      "platformRoles": [],
    ]
  }

  @Test("a user is added once, however often the request is sent, and the stored answer knows nothing of the password")
  func once() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("platform.admin")
    let body = user("again.one")
    let first = try admin.post(Self.users, body, key: "u-1")
    #expect(first.status == 201 && first.fields["etag"] == "\"1\"" && first.fields["idempotency-replayed"] == nil, "\(first.text)")
    let again = try admin.post(Self.users, body, key: "u-1")
    #expect(again.status == 201 && again.text == first.text && again.fields["etag"] == "\"1\"")
    #expect(again.fields["idempotency-replayed"] == "true")
    let id = try #require(first.string("/id"))
    #expect(try admin.get("\(Self.users)/\(id)").json == first.json)
    #expect(try deployment.database.sql("SELECT count(*) FROM app_user WHERE login = 'again.one'") == "1")
    #expect(try deployment.database.sql("SELECT count(*) FROM platform_audit WHERE action = 'user.add' AND subject = '\(id)'") == "1")
    // Whatever is another in it, the password too, makes it another request.
    for other in [user("again.one", password: "correct horse."), user("again.two")] {
      let refused = try admin.post(Self.users, other, key: "u-1")
      #expect(refused.status == 422 && refused.string("/code") == "idempotency-key-reused", "\(refused.text)")
    }
    #expect(try admin.post(Self.users, body, key: "u-2").string("/code") == "login-taken")
    // What was refused is not kept: it may be mended under its key.
    #expect(try admin.post(Self.users, user("again.three"), key: "u-2").status == 201)

    // Who reads the table neither reads the password nor tries passwords against a fast digest.
    let stored = try deployment.database.sql(
      "SELECT encode(request_hash, 'hex'), convert_from(body, 'UTF8'), headers::text FROM platform_idempotency WHERE key = 'u-1'")
    #expect(!stored.contains("correct horse") && stored.contains("again.one"))
    let fast = Hex.encode(try SHA256.digest(of: Array(Self.users.utf8) + [0] + body.bytes))
    let ofBody = Hex.encode(try SHA256.digest(of: body.bytes))
    #expect(!stored.contains(fast) && !stored.contains(ofBody))
  }

  @Test("several at once under one key add one user and get one answer")
  func together() async throws {
    let admin = try Deployment.current.caller("platform.admin")
    let body = user("again.many")
    let answers = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 { group.addTask { try admin.post(Self.users, body, key: "many").text } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(answers.count == 1 && answers.first?.contains("again.many") == true, "\(answers)")
  }

  @Test("an office applied again under its key is answered as it was; another office's files under the key are refused")
  func apply() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("platform.admin")
    let path = "/v1/platform/tenants/yunling"
    func body(_ name: String) throws -> JSON {
      var office = try OfficeDirectory("Tests/Offices/yunling")
      try office.set("office.json", "name/zh", to: .string(name))
      let files = try office.contents.sorted { $0.key < $1.key }.map { JSONObject.Member(name: $0.key, value: try JSON.parse($0.value)) }
      return ["files": .object(JSONObject(files))]
    }
    let first = try admin.post(path + "/apply", body("云岭镇政府"), key: "a-1")
    #expect(first.status == 200 && !(first.json["changes"]?.array ?? []).isEmpty, "\(first.text)")
    let again = try admin.post(path + "/apply", body("云岭镇政府"), key: "a-1")
    #expect(again.text == first.text && again.fields["idempotency-replayed"] == "true")
    #expect(try admin.post(path + "/apply", body("云岭镇政府")).json["changes"]?.array?.isEmpty == true)
    let other = try admin.post(path + "/apply", body("云岭镇人民政府"), key: "a-1")
    #expect(other.string("/code") == "idempotency-key-reused")
    // Refused, nothing of it was done; and a plan is always made anew.
    #expect(try deployment.database.sql("SELECT name_zh FROM tenant WHERE code = 'yunling'") == "云岭镇政府")
    #expect(try admin.post(path + "/plan", body("云岭镇人民政府"), key: "a-1").json["changes"]?.array?.isEmpty == false)
    // Where there is nothing to do, that is the answer that is kept.
    let nothing = try admin.post(path + "/apply", body("云岭镇政府"), key: "a-2")
    #expect(nothing.json["changes"]?.array?.isEmpty == true)
    #expect(try admin.post(path + "/apply", body("云岭镇政府"), key: "a-2").fields["idempotency-replayed"] == "true")
  }

  @Test("a key that cannot be one is refused, and nobody gets at an answer without the permission")
  func refusals() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("platform.admin")
    let body = user("again.never")
    for key in ["a b", String(repeating: "x", count: 129)] {
      #expect(try admin.post(Self.users, body, key: key).string("/code") == "bad-idempotency-key")
    }
    #expect(try admin.post(Self.users, user("again.kept"), key: "kept").status == 201)
    for login in ["anding.admin", "platform.auditor"] {
      #expect(try deployment.caller(login).post(Self.users, user("again.kept"), key: "kept").status == 403)
    }
    #expect(try deployment.stranger.post(Self.users, user("again.kept"), key: "kept").status == 401)
    #expect(try deployment.database.sql("SELECT count(*) FROM app_user WHERE login = 'again.never'") == "0")
  }
}
