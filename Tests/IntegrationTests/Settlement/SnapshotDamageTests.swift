// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Support
import Testing

/// What was confirmed, stored with another byte than it was confirmed with.
@Suite("Damaged snapshots", .deployment)
struct SnapshotDamageTests {
  @Test("a changed byte is named with contract and period; the other periods stay readable, and the damaged one says what is wrong")
  func damage() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let database = desk.deployment.database
    try desk.incident("late-or-early", "2019-11-04", subject: "seat-1")
    let payments = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    for payment in payments.dropLast() { try desk.confirm(payment) }
    let (victim, last) = (payments[1], try #require(payments.last))
    #expect(try desk.deployment.jiesu("contract", "replay", desk.tenant, desk.contract).status == 0)
    let drafted = try desk.view(last).json["lines"]
    let length = try #require(Int(database.sql("SELECT octet_length(bytes) FROM settlement_snapshot WHERE payment = '\(victim)'")))
    // Any byte: in the facts, in the calendar, in the statement.
    for place in [0, length / 3, length / 2, length - 2] {
      let change =
        "UPDATE settlement_snapshot SET bytes = set_byte(bytes, \(place), get_byte(bytes, \(place)) # 1) WHERE payment = '\(victim)'"
      try database.sql(change)
      let doctor = try desk.deployment.jiesu("doctor", "--json")
      let checks = try JSON.parse(doctor.output)["checks"]?.array ?? []
      let findings = checks.first { $0["check"] == "snapshots" }?["findings"]?.array ?? []
      #expect(doctor.status == 1 && findings.count == 1)
      let words = findings.first?["en"]?.string ?? ""
      #expect(words.contains("\(desk.tenant) contract \(desk.contract) period \(victim)"), "\(words)")
      let replay = try desk.deployment.jiesu("contract", "replay", desk.tenant, desk.contract, "--lang", "en")
      #expect(replay.status == 1 && replay.output.contains("damaged"), "\(replay.output)")
      #expect(try desk.deployment.jiesu("contract", "replay", desk.tenant, desk.contract, payments[0]).status == 0)

      for resource in ["", "/snapshot", "/page"] {
        let refused = try desk.who("finance").get(desk.settlement(victim) + resource, ["Accept-Language": "en"])
        #expect(refused.status == 409 && refused.string("/code") == "snapshot-damaged", "\(resource): \(refused.text)")
        #expect(refused.string("/detail")?.contains(victim) == true)
      }
      #expect(try desk.step("acknowledge", victim, by: "vendor-manager", tag: "\"4\"").string("/code") == "snapshot-damaged")
      let replayed = try desk.who("finance").get(desk.settlement(victim) + "/replay")
      #expect(replayed.status == 200 && replayed.json["equal"] == false)
      #expect(replayed.string("/findings/0/code") == "snapshot-damaged")
      // The others, the open one that builds on it, and the list are as before.
      #expect(try desk.replaysEqual(payments[0]) && desk.view(payments[0]).status == 200)
      #expect(try desk.view(last).json["lines"] == drafted)
      #expect(try desk.who("finance").get("\(desk.path)/settlements").status == 200)
      try database.sql(change)
    }
    #expect(try desk.replaysEqual(victim) && desk.view(victim).status == 200)
    // What later periods build on is watched as well.
    try database.sql("UPDATE settlement_snapshot SET figures = jsonb_set(figures, '{payable}', '\"0.01\"') WHERE payment = '\(victim)'")
    #expect(try desk.deployment.jiesu("doctor").status == 1)
    // Where it cannot even be read, the snapshot itself says it.
    try database.sql("UPDATE settlement_snapshot SET figures = '{}' WHERE payment = '\(victim)'")
    #expect(try desk.deployment.jiesu("doctor").status == 1)
    #expect(try desk.view(last).json["lines"] == drafted && desk.view(victim).status == 200)
  }

  @Test("a fact, a paper or a calendar that is no longer what a statement rests on is noticed, or does not matter")
  func inputs() throws {
    let desk = try Desk("huoying", "technical-2025")
    let grade = try desk.grade("monthly", "2025-08", "优秀", on: "2025-12-08")
    try desk.invoice("period-1", "2025-12-01", "388800.00")
    try desk.confirm("period-1", asOf: "2025-12-20")
    let database = desk.deployment.database
    func findings() throws -> [String] {
      let answer = try desk.who("finance").get(desk.settlement("period-1") + "/replay")
      return (answer.json["findings"]?.array ?? []).compactMap { $0["code"]?.string }
    }
    #expect(try findings() == [])
    // A voided fact is still what it rested on; a year's calendar is kept with the statement.
    try desk.voidAgreed("grades", grade)
    try database.sql("UPDATE calendar_year SET sha256 = sha256('x') WHERE year = 2025")
    #expect(try findings() == [])
    try database.sql("UPDATE fact SET data = jsonb_set(data, '{grade}', '\"差\"') WHERE id = '\(grade)'")
    #expect(try findings() == ["differs"])
    try database.sql("UPDATE fact SET data = jsonb_set(data, '{grade}', '\"优秀\"') WHERE id = '\(grade)'")
    #expect(try findings() == [])
    try database.sql("UPDATE contract_revision SET sha256 = sha256('x') WHERE contract_id = 'technical-2025'")
    #expect(try findings().contains("document-missing"))
  }
}
