// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("servers that must not serve", .deployment)
struct UnservedTests {
  @Test("a server that cannot have its address says so and ends")
  func elsewhere() throws {
    // An address for documentation (RFC 5737): no machine has it.
    #expect(try Deployment.current.jiesu("serve", "--listen", "192.0.2.1:0", "--loops", "1").status == 4)
  }

  @Test("an older schema than the program's own is not served, and a server that runs says that it is not ready")
  func older() throws {
    let deployment = try Deployment.current
    let last = try deployment.database.sql("SELECT max(number) FROM schema_migration")
    #expect(try deployment.stranger.get("/readyz").status == 200)
    try deployment.database.script(
      "CREATE TABLE taken AS SELECT * FROM schema_migration WHERE number = \(last); DELETE FROM schema_migration WHERE number = \(last)")
    let ready = try deployment.stranger.get("/readyz")
    #expect(ready.status == 503 && ready.string("/code") == "schema-outdated" && ready.text.contains("jiesu migrate"))
    #expect(try deployment.jiesu("serve", "--listen", "127.0.0.1:0", "--loops", "1").status == 6)
    try deployment.database.script("INSERT INTO schema_migration SELECT * FROM taken; DROP TABLE taken")
    #expect(try deployment.stranger.get("/readyz").status == 200)
  }
}
