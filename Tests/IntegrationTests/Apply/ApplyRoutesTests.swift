// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An office described by the files in a request's body.
@Suite("Applying an office's files through the API", .deployment, .serialized)
struct ApplyRoutesTests {
  private let tenant = "/v1/platform/tenants/yunling"

  private func body(_ directory: OfficeDirectory) throws -> JSON {
    [
      "files": .object(
        JSONObject(try directory.contents.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: try JSON.parse($0.value)) }))
    ]
  }

  @Test("plan says what would change and changes nothing; apply does it once; the command sees the same office")
  func apply() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("platform.admin")
    let office = try OfficeDirectory("Tests/Offices/yunling")
    let before = try deployment.database.fingerprint()
    let plan = try admin.post(tenant + "/plan", body(office))
    #expect(plan.status == 200 && plan.json["new"]?.bool == true && !(plan.json["changes"]?.array ?? []).isEmpty, "\(plan.text)")
    #expect(try deployment.database.fingerprint() == before)
    let applied = try admin.post(tenant + "/apply", body(office))
    #expect(applied.status == 200 && applied.json["changes"] == plan.json["changes"], "\(applied.text)")
    let again = try admin.post(tenant + "/apply", body(office))
    #expect(again.status == 200 && again.json["changes"]?.array?.isEmpty == true, "\(again.text)")
    #expect(try deployment.jiesu("tenant", "plan", "\(Cluster.checkout)/Tests/Offices/yunling").status == 0)
    let log = try deployment.caller("platform.auditor").get("/v1/platform/audit?limit=5")
    #expect(log.text.contains("\"tenant.apply\"") && log.text.contains("yunling"), "\(log.text)")
  }

  @Test("a fault is named by file and place, and nothing is changed")
  func faults() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("platform.admin")
    var office = try OfficeDirectory("Tests/Offices/yunling")
    try office.set("office.json", "kind", to: 7)
    let before = try deployment.database.fingerprint()
    let refused = try admin.post(tenant + "/apply", body(office), ["Accept-Language": "en"])
    #expect(refused.status == 422 && refused.faults == ["/files/office.json/kind wrong-type"], "\(refused.text)")
    let other = try admin.post("/v1/platform/tenants/anding/apply", body(OfficeDirectory("Tests/Offices/yunling")))
    #expect(other.status == 422 && other.faults == ["/files/office.json/code not-applicable"], "\(other.text)")
    #expect(try admin.post(tenant + "/apply", ["files": [:], "more": 1]).status == 422)
    #expect(try deployment.database.fingerprint() == before)
  }

  @Test("nobody but who may apply offices on the platform gets to it", arguments: ["anding.leader", "anding.admin", "platform.auditor"])
  func forbidden(login: String) throws {
    let answer = try Deployment.current.caller(login).post(tenant + "/apply", ["files": [:]])
    #expect(answer.status == 403, "\(answer.text)")
  }
}
