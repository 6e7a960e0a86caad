// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An office with two vendors at once: what hangs on one's contract is not there for the other's people.
@Suite("What a vendor's people reach in an office", .deployment(at: "2026-02-10T09:00:00+08:00"), .serialized)
struct VendorReachTests {
  private static let office = "/v1/tenants/yunling"

  private func apply() throws -> Deployment {
    let deployment = try Deployment.current
    if try deployment.database.sql("SELECT count(*) FROM tenant WHERE code = 'yunling'") == "0" {
      let applied = try deployment.jiesu("tenant", "apply", "\(Cluster.checkout)/Tests/Offices/yunling")
      try #require(applied.status == 0, "\(applied.output)")
      try deployment.addUser("reach.leader", of: "yunling-town-government", "yunling", "office.leader")
      try deployment.addUser("reach.hotline", of: "mingyuan-service", "yunling", "vendor.manager")
      try deployment.addUser("reach.training", of: "qiushi-training", "yunling", "vendor.manager")
      try deployment.database.sql("UPDATE membership SET valid_from = '2000-01-01'")
    }
    return deployment
  }

  private func ids(_ answer: Caller.Answer, _ member: String = "id") -> [String] {
    (answer.json["items"]?.array ?? []).compactMap { $0[member]?.string }
  }

  @Test("contracts, incidents, facts, posts and people of the other vendor are not there, and those of the office are")
  func apart() throws {
    let deployment = try apply()
    try deployment.setClock(to: try #require(Instant("2026-02-10T09:00:00+08:00")))
    let (leader, hotline, training) =
      (try deployment.caller("reach.leader"), try deployment.caller("reach.hotline"), try deployment.caller("reach.training"))
    #expect(try ids(leader.get("\(Self.office)/contracts")) == ["hotline-2026", "training-2025"])
    #expect(try ids(hotline.get("\(Self.office)/contracts")) == ["hotline-2026"])
    #expect(try ids(training.get("\(Self.office)/contracts")) == ["training-2025"])
    for path in [
      "", "/settlements", "/settlements/month-1", "/settlements/month-1/page", "/obligations", "/invoices", "/revisions", "/lint",
    ] {
      #expect(try hotline.get("\(Self.office)/contracts/hotline-2026\(path)").status == 200, "\(path)")
      #expect(try training.get("\(Self.office)/contracts/hotline-2026\(path)").status == 404, "\(path)")
    }

    let mine = try hotline.make(
      "\(Self.office)/incidents",
      ["contract": "hotline-2026", "incident": "dropped-call", "occurredAt": "2026-02-09T10:00:00+08:00", "subject": "order-7"])
    let theirs = try training.post(
      "\(Self.office)/incidents",
      ["contract": "hotline-2026", "incident": "dropped-call", "occurredAt": "2026-02-09T10:00:00+08:00", "subject": "order-7"])
    #expect(theirs.status == 422 && theirs.faults == ["/contract unknown-reference"])
    #expect(try ids(hotline.get("\(Self.office)/incidents")) == [mine])
    #expect(try ids(leader.get("\(Self.office)/incidents")) == [mine])
    #expect(try ids(training.get("\(Self.office)/incidents")).isEmpty)
    #expect(try ids(training.get("\(Self.office)/incidents?contract=hotline-2026")).isEmpty)
    #expect(try training.get("\(Self.office)/incidents/\(mine)").status == 404)

    let report = try hotline.make("\(Self.office)/contracts/hotline-2026/events", ["on": "2026-02-09", "event": "report"])
    #expect(try hotline.get("\(Self.office)/facts/\(report)").status == 200)
    #expect(try training.get("\(Self.office)/facts/\(report)").status == 404)
    #expect(try training.post("\(Self.office)/facts/\(report)/void", ["reason": "?"]).status == 404)

    #expect(try Set(ids(hotline.get("\(Self.office)/posts"), "contract")).isSubset(of: ["hotline-2026"]))
    #expect(try ids(training.get("\(Self.office)/posts"), "contract").allSatisfy { $0 == "training-2025" })
    let organisations = try Set(ids(training.get("\(Self.office)/staff"), "organisation"))
    #expect(!organisations.contains("mingyuan-service") && organisations.contains("yunling-town-government"), "\(organisations)")
    #expect(try Set(ids(leader.get("\(Self.office)/staff"), "organisation")).contains("mingyuan-service"))
    #expect(try ids(training.get("\(Self.office)/obligations?weeks=53"), "contract").allSatisfy { $0 == "training-2025" })
    #expect(try ids(hotline.get("\(Self.office)/obligations?weeks=53"), "contract").contains("hotline-2026"))
  }

  @Test("a contract whose wind-down has ended is there no more, to the minute, although another one of the vendor's lasts")
  func windDown() throws {
    let deployment = try apply()
    // The training contract ends on 2026-02-28; its people have fifteen days more.
    for (instant, status) in [("2026-03-15T23:59:00+08:00", 200), ("2026-03-16T00:00:30+08:00", 404)] {
      try deployment.setClock(to: try #require(Instant(instant)))
      #expect(try deployment.caller("reach.training").get("\(Self.office)/contracts/training-2025").status == status, "\(instant)")
      #expect(try deployment.caller("reach.training").get(Self.office).status == status, "\(instant)")
    }
    // The same vendor gets a second contract: the office opens again, the old contract stays closed.
    try deployment.database.sql("UPDATE contract SET vendor = 'qiushi-training' WHERE contract_id = 'hotline-2026'")
    let caller = try deployment.caller("reach.training")
    #expect(try caller.get("\(Self.office)/contracts/hotline-2026/obligations").status == 200)
    #expect(try caller.get("\(Self.office)/contracts/training-2025/obligations").status == 404)
    #expect(try ids(caller.get("\(Self.office)/contracts")) == ["hotline-2026"])
  }
}
