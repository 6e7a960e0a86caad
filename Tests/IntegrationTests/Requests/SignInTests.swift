// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Signing in and what follows from it, through the API.
@Suite("Signing in, through the API", .deployment)
struct SignInTests {
  /// A user whom the platform's administrator adds, with the password `correct horse`.
  private func add(_ login: String, roles: JSON = []) throws -> Caller.Answer {
    try Deployment.current.caller("platform.admin").post(
      "/v1/platform/users",
      [
        "login": .string(login), "displayName": "某人", "organisation": "anding-town-government", "password": "correct horse",
        "platformRoles": roles,
      ])
  }

  private func open(_ login: String, _ password: String, _ more: JSONObject = [:]) throws -> Caller.Answer {
    var body: JSONObject = ["login": .string(login), "password": .string(password)]
    for member in more.members { body[member.name] = member.value }
    return try Deployment.current.stranger.post("/v1/session", .object(body))
  }

  private func caller(_ opened: Caller.Answer) throws -> Caller {
    let token: String = try #require(opened.string("/token"), "\(opened.text)")
    return Caller(port: try Deployment.current.port, token: token)
  }

  @Test("a role of the platform can be given by its name, and one that the platform does not have cannot")
  func platformRoles() throws {
    let added = try add("new.auditor", roles: ["platform.auditor"])
    #expect(added.status == 201, "\(added.text)")
    #expect(try caller(open("new.auditor", "correct horse")).get("/v1/platform/audit").status == 200)
    let refused = try add("new.other", roles: ["platform.auditor", "platform.king"])
    #expect(refused.status == 422 && refused.faults == ["/platformRoles/1 unknown-reference"])
  }

  @Test("an office's role can be given by its name, counts at once, and ends at once")
  func officeRoles() throws {
    _ = try add("new.leader")
    let admin = try Deployment.current.caller("anding.admin")
    let leader = try caller(open("new.leader", "correct horse"))
    #expect(try leader.get("/v1/tenants/anding").status == 404)
    let given = try admin.post("/v1/tenants/anding/members", ["login": "new.leader", "role": "office.leader"])
    let membership = try #require(given.status == 201 ? given.string("/id") : nil, "\(given.text)")
    #expect(try leader.get("/v1/tenants/anding").status == 200)
    let ended = try admin.delete("/v1/tenants/anding/members/\(membership)", ["If-Match": "\"1\""])
    #expect(ended.status == 204, "\(ended.text)")
    for (member, value, code) in [
      ("role", "office.king", "unknown-reference"), ("role", "vendor.seat", "unknown-reference"), ("role", "OFFICE", "bad-format"),
      ("department", "nowhere", "unknown-reference"), ("login", "nobody", "unknown-reference"),
    ] {
      var body: JSONObject = ["login": "new.leader", "role": "office.leader"]
      body[member] = .string(value)
      let refused = try admin.post("/v1/tenants/anding/members", .object(body))
      #expect(refused.status == 422 && refused.faults == ["/\(member) \(code)"], "\(refused.text)")
    }
  }

  @Test("what ends a session or opens an office counts for the next request")
  func atOnce() throws {
    _ = try add("leaving")
    for _ in 1...20 {
      let signedIn = try caller(open("leaving", "correct horse"))
      #expect(try signedIn.get("/v1/session").status == 200)
      #expect(try signedIn.delete("/v1/session").status == 204)
      #expect(try signedIn.get("/v1/session").status == 401)
    }
    let administrator = try Deployment.current.caller("platform.admin")
    let member = try Deployment.current.caller("xisanqi.leader")
    let path = "/v1/platform/tenants/xisanqi"
    for (state, status) in [("suspended", 404), ("active", 200), ("closed", 404), ("active", 200)] {
      let tag = try #require(administrator.get(path).fields["etag"])
      #expect(try administrator.put(path + "/state", ["state": .string(state)], ["If-Match": tag]).status == 200)
      #expect(try member.get("/v1/tenants/xisanqi").status == status)
    }
  }

  @Test("a disabled user is signed out, cannot sign in, and can again when let in again")
  func disabled() throws {
    let user: String = try #require(try add("resting").string("/id"))
    let administrator = try Deployment.current.caller("platform.admin")
    let signedIn = try caller(open("resting", "correct horse"))
    var body: JSONObject = ["displayName": "某人", "organisation": "anding-town-government", "platformRoles": []]
    for (isDisabled, tag, status) in [(true, "\"1\"", 401), (false, "\"2\"", 201)] {
      body["disabled"] = .bool(isDisabled)
      #expect(try administrator.put("/v1/platform/users/\(user)", .object(body), ["If-Match": tag]).status == 200)
      #expect(try signedIn.get("/v1/session").status == 401)
      #expect(try open("resting", "correct horse").status == status)
    }
  }

  @Test("wrong passwords lock the user, whether given to sign in or to change the password")
  func lock() throws {
    _ = try add("locked")
    let signedIn = try caller(open("locked", "correct horse"))
    for _ in 1...2 { #expect(try open("locked", "wrong").status == 401) }
    for _ in 1...3 {
      let refused = try signedIn.put("/v1/session/password", ["current": "wrong", "new": "another horse"])
      #expect(refused.status == 401 && refused.string("/code") == "bad-credentials")
    }
    #expect(try open("locked", "correct horse").status == 401)
    #expect(try signedIn.put("/v1/session/password", ["current": "correct horse", "new": "another horse"]).status == 401)
  }

  @Test("a new password ends every session and the old password")
  func newPassword() throws {
    _ = try add("changing")
    let signedIn = try caller(open("changing", "correct horse"))
    #expect(try signedIn.put("/v1/session/password", ["current": "correct horse", "new": "another horse"]).status == 204)
    #expect(try open("changing", "correct horse").status == 401)
    #expect(try open("changing", "another horse").status == 201)
  }

  @Test("a limited token shows what it is limited to, and rules neither over sessions nor over the password")
  func scopes() throws {
    _ = try add("scoped", roles: ["platform.admin"])
    let opened = try open("scoped", "correct horse", ["scopes": ["tenant.read"]])
    let token = try caller(opened)
    #expect(try token.get("/v1/session").json["platformPermissions"] == ["tenant.read"])
    #expect(try token.get("/v1/platform/tenants").status == 200)
    #expect(try token.get("/v1/platform/users").status == 403)
    let session = try #require(opened.string("/session"))
    for refused in [
      try token.get("/v1/sessions"), try token.delete("/v1/sessions/\(session)"),
      try token.put("/v1/session/password", ["current": "correct horse", "new": "another horse"]),
    ] {
      #expect(refused.status == 403 && refused.string("/code") == "scoped-token", "\(refused.text)")
    }
    #expect(try token.delete("/v1/session").status == 204)
  }
}
