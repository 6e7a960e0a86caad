// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What a change must say of the version that it changes.
@Suite("Versions, through the API", .deployment)
struct VersionTests {
  @Test("an If-Match that is no tag of ours is refused, whatever stands in it, and changes nothing")
  func strangeTags() throws {
    let manager = try Deployment.current.caller("huoying.vendor-manager")
    let supervisor = try Deployment.current.caller("huoying.supervisor")
    let incident = try manager.make(
      "/v1/tenants/huoying/incidents",
      ["contract": "technical-2025", "occurredAt": "2025-10-01T10:00:00+08:00", "incident": "not-performing"])
    let path = "/v1/tenants/huoying/incidents/\(incident)"
    #expect(try supervisor.post(path + "/reject", ["note": "否"]).status == 428)
    for tag in [
      "*", "1", "W/\"1\"", "\"0\"", "\"2\"", "\"+1\"", "\"01\"", "\"-1\"", "\"1\", \"2\"", "\"\"", "\"2147483647\"", "\"2147483648\"",
      "\"9223372036854775807\"", "\"99999999999999999999\"",
    ] {
      let refused = try supervisor.post(path + "/reject", ["note": "否"], ["If-Match": tag])
      #expect(refused.status == 412, "\(tag): \(refused.text)")
    }
    let rejected = try supervisor.post(path + "/reject", ["note": "否"], ["If-Match": "\"1\""])
    #expect(rejected.status == 200 && rejected.fields["etag"] == "\"2\"", "\(rejected.text) \(rejected.fields)")
  }
}
