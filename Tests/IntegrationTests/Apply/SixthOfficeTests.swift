// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An office with other numbers, other periods and other kinds of penalty than the five, beside them, by files alone.
@Suite("A sixth office, added by its files", .deployment)
struct SixthOfficeTests {
  @Test("it is applied, its people sign in, and its first month is settled by its own bands, bonus and retention")
  func sixth() throws {
    let deployment = try Deployment.current
    let directory = "\(Cluster.checkout)/Tests/Offices/yunling"
    let before = try deployment.database.sql("SELECT md5(string_agg(t::text, '|' ORDER BY code)) FROM tenant t WHERE code <> 'yunling'")
    #expect(try deployment.jiesu("tenant", "plan", directory).status == 1)
    let applied = try deployment.jiesu("tenant", "apply", directory, "--json")
    #expect(try applied.status == 0 && JSON.parse(applied.output)["new"]?.bool == true, "\(applied.output)")
    #expect(try deployment.jiesu("tenant", "plan", directory).status == 0)
    #expect(
      try deployment.database.sql("SELECT md5(string_agg(t::text, '|' ORDER BY code)) FROM tenant t WHERE code <> 'yunling'") == before)

    let leader = try signIn("leader", "--person", "leader")
    let supervisor = try signIn(
      "supervisor", "--role", "office.supervisor", "--organisation", "yunling-town-government", "--name", "某甲")
    let finance = try signIn("finance", "--role", "office.finance", "--organisation", "yunling-town-government", "--name", "某乙")
    let contract = "/v1/tenants/yunling/contracts/hotline-2026"
    for body: JSONObject in [
      ["on": "2026-02-01", "series": "quality", "period": "2026-01", "value": "92"],
      ["on": "2026-02-01", "series": "seats", "period": "2026-01", "subject": "seat-1", "value": "100"],
    ] {
      let sheet = "\(contract)/score-sheets/\(try supervisor.make("\(contract)/score-sheets", .object(body)))"
      #expect(try supervisor.post("\(sheet)/sign", [:], ["If-Match": "\"1\""]).status == 200)
      #expect(try leader.post("\(sheet)/countersign", [:], ["If-Match": "\"2\""]).status == 200)
    }
    let grade = try supervisor.make(
      "\(contract)/grades", ["series": "praise", "period": "2026-01", "grade": "甲", "reason": "群众来信表扬"])
    #expect(try leader.post("\(contract)/grades/\(grade)/decide", ["on": "2026-02-01"], ["If-Match": "\"1\""]).status == 200)
    try finance.make("\(contract)/invoices", ["on": "2026-02-02", "payment": "month-1", "amount": "54000.00"])
    let statement = try finance.get("\(contract)/settlements/month-1?asOf=2026-02-10")
    #expect(statement.status == 200, "\(statement.text)")
    // 100,000 × 17 ÷ 31; 92 points cost 2 % of it; grade 甲 earns 3,000; 5 % are kept.
    let amounts = (statement.json["lines"]?.array ?? []).map { "\($0["rule"]?.string ?? "") \($0.value(at: "/amount/yuan")?.string ?? "")" }
    #expect(
      Set(amounts).isSuperset(of: ["month 54838.71", "quality-bands -1096.77", "praise-bonus 3000.00", "keep -2741.94"]), "\(amounts)")
    #expect(statement.yuan("/payable") == "54000.00")
    #expect(statement.string("/due/date") == "2026-02-10")
    let printed = try deployment.jiesu("contract", "settle", "yunling", "hotline-2026", "month-1", "--as-of", "2026-02-10")
    #expect(printed.status == 0 && printed.output.contains("54,000.00") && printed.output.contains("-1,096.77"))
    // Nobody of another office sees it, whatever their role.
    #expect(try deployment.caller("anding.leader").get(contract).status == 404)
  }

  /// Adds somebody to the office and signs in as them.
  private func signIn(_ name: String, _ place: String...) throws -> Caller {
    let deployment = try Deployment.current
    let file = "\(deployment.state)/password-\(name)"
    _ = try Command.run(["sh", "-c", "umask 077; head -c 12 /dev/urandom | od -An -tx1 | tr -d ' ' > \(file)"])
    let login = "yunling.\(name)"
    let added = try Command.run(
      [Deployment.program, "user", "add", login, "--tenant", "yunling", "--password-file", file] + place
        + Deployment.settings(deployment.database.cluster, deployment.database.name, deployment.state))
    try #require(added.status == 0, "\(added.output)")
    let password = try Command.run(["cat", file]).output.filter { !$0.isWhitespace }
    return try deployment.caller(login, password: password)
  }
}
