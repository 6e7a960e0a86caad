// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What cannot be put on record, and what it is answered with.
@Suite("Facts that are refused", .deployment)
struct FactRefusalTests {
  private func huoying() throws -> Desk { try Desk("huoying", "technical-2025") }

  @Test("nobody without a session, without the permission, or of another office gets anywhere")
  func access() throws {
    let desk = try huoying()
    let invoice: JSON = ["on": "2025-12-01", "payment": "period-1", "amount": "388800.00"]
    let path = "\(desk.path)/invoices"
    let stranger = desk.deployment.stranger
    #expect(try stranger.post(path, invoice).status == 401)
    #expect(try stranger.get("\(desk.path)/settlements/period-1").status == 401)
    // A supervisor reads invoices and does not write them; a handler sees nothing of contracts.
    let refused = try desk.who("supervisor").post(path, invoice, ["Accept-Language": "en"])
    #expect(refused.status == 403 && refused.string("/code") == "forbidden" && refused.string("/detail")?.contains("invoice.write") == true)
    #expect(try desk.who("handler").get("\(desk.path)/settlements").status == 403)
    // To people of another office it does not exist, nor does anything in it; to its own an unknown contract does not.
    for neighbour in ["anding.finance", "anding.leader", "anding.vendor-manager"] {
      let caller = try desk.deployment.caller(neighbour)
      #expect(try caller.get("\(desk.path)/invoices").status == 404)
      #expect(try caller.post(path, invoice).status == 404)
    }
    let finance = try desk.who("finance")
    for resource in ["invoices", "settlements", "periods", "settlements/period-1"] {
      #expect(try finance.get("\(desk.office)/contracts/service-2024/\(resource)").status == 404)
    }
    #expect(try finance.post("\(desk.office)/contracts/service-2024/invoices", invoice).status == 404)
    #expect(try finance.get("\(desk.path)/settlements/period-9").status == 404)
  }

  @Test("what the contract does not know is named by its pointer, all of it at once")
  func unknown() throws {
    let desk = try huoying()
    let finance = try desk.who("finance")
    let cases: [(role: String, resource: String, body: JSON, faults: Set<String>)] = [
      ("finance", "invoices", ["on": "2025-12-01", "payment": "quarter-1", "amount": "1.00"], ["/payment unknown-reference"]),
      ("finance", "invoices", ["on": "2025-12-01", "payment": "period-1", "amount": "0.00"], ["/amount out-of-range"]),
      ("finance", "invoices", ["on": "2025-12-01", "payment": "period-1", "amount": "1.00", "fen": 100], ["/fen unknown-member"]),
      ("finance", "invoices", ["on": "2025-12-01", "payment": "period-1", "amount": 1], ["/amount wrong-type"]),
      ("finance", "invoices", ["payment": "period-1"], ["/on missing-member", "/amount missing-member"]),
      ("finance", "payments", ["on": "2025-02-30", "payment": "period-1", "amount": "1.00"], ["/on bad-format"]),
      ("finance", "payments", ["on": "2025-08-07", "payment": "period-1", "amount": "1.00"], ["/on out-of-range"]),
      ("finance", "payments", ["on": "2999-01-01", "payment": "period-1", "amount": "1.00"], ["/on out-of-range"]),
      (
        "finance", "payments", ["on": "2025-12-02", "at": "2025-12-01T23:59:59+08:00", "payment": "period-1", "amount": "1.00"],
        ["/at out-of-range"]
      ),
      (
        "supervisor", "grades", ["series": "monthly", "period": "2025-07", "grade": "优秀", "reason": "?"], ["/period unknown-reference"]
      ),
      (
        "supervisor", "grades", ["series": "monthly", "period": "period-1", "grade": "excellent", "reason": "?"],
        ["/period unknown-reference", "/grade unknown-reference"]
      ),
      (
        "supervisor", "grades", ["series": "weekly", "period": "2025-08", "grade": "优秀", "reason": "?"], ["/series unknown-reference"]
      ),
      ("supervisor", "grades", ["series": "monthly", "period": "2025-08", "grade": "优秀"], ["/reason missing-member"]),
      (
        "supervisor", "score-sheets", ["on": "2025-09-08", "series": "staff", "period": "2025-08", "value": "90"],
        ["/series unknown-reference"]
      ),
      ("supervisor", "events", ["on": "2025-09-08", "event": "vacancy-opened"], ["/event unknown-reference"]),
      ("supervisor", "events", ["on": "2025-09-08", "event": "signed"], ["/event not-applicable"]),
      ("supervisor", "events", ["on": "2025-09-08", "event": "accepted"], ["/event not-applicable"]),
      ("supervisor", "events", ["on": "2025-09-08", "event": "appraisalConfirmed"], ["/payment missing-member"]),
      ("supervisor", "events", ["on": "2025-09-08", "event": "heldOver"], ["/on out-of-range"]),
      ("auditor", "audited-amounts", ["on": "2025-09-08", "amount": "1.00"], [" not-applicable"]),
    ]
    for (role, resource, body, faults) in cases {
      let answer = try desk.who(role).post("\(desk.path)/\(resource)", body)
      #expect(answer.status == 422 && Set(answer.faults) == faults, "\(resource): \(answer.text)")
    }
    #expect(try finance.get("\(desk.path)/invoices").json["items"] == [])
  }

  @Test("an incident's amount stays within what the clause leaves to the office, at proposal and at confirmation")
  func amounts() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let manager = try desk.who("vendor-manager")
    let supervisor = try desk.who("supervisor")
    func propose(_ more: JSONObject) throws -> Caller.Answer {
      var body: JSONObject = [
        "contract": "seats-2019", "incident": "absence", "occurredAt": "2020-02-03T09:00:00+08:00", "subject": "seat-1",
      ]
      for member in more.members { body[member.name] = member.value }
      return try manager.post("\(desk.office)/incidents", .object(body))
    }
    #expect(try propose(["amount": "499.99"]).faults == ["/amount out-of-range"])
    #expect(try propose(["amount": "1000.01"]).faults == ["/amount out-of-range"])
    #expect(try propose(["quantity": 2, "amount": "999.99"]).faults == ["/amount out-of-range"])
    // The office's own people have no part in what its vendor is paid.
    for person in ["nobody", "leader"] { #expect(try propose(["subject": .string(person)]).faults == ["/subject unknown-reference"]) }
    #expect(try propose(["incident": "sleeping"]).faults == ["/incident unknown-reference"])
    #expect(try propose(["incident": "late-or-early", "amount": "100.00"]).faults == ["/amount not-applicable"])
    #expect(try propose(["contract": "seats-2029"]).faults == ["/contract unknown-reference"])
    // The vendor may leave the amount open; the office may not, and sets it within the range.
    let id = try #require(try propose([:]).string("/id"))
    let path = "\(desk.office)/incidents/\(id)/confirm"
    let first = ["If-Match": "\"1\""]
    #expect(try supervisor.post(path, [:], first).faults == ["/amount missing-member"])
    #expect(try supervisor.post(path, ["amount": "1500.00"], first).faults == ["/amount out-of-range"])
    #expect(try supervisor.post(path, ["points": "5", "amount": "600.00"], first).faults == ["/points not-applicable"])
    #expect(try supervisor.post(path, ["amount": "600.00"]).status == 428)
    #expect(try supervisor.post(path, ["amount": "600.00"], ["If-Match": "\"7\""]).status == 412)
    #expect(try manager.post(path, ["amount": "600.00"], first).status == 403)
    // The supervisor sets the amount with the reason, the leader agrees.
    #expect(try supervisor.post(path, ["amount": "600.00"], first).faults == ["/note missing-member"])
    #expect(try supervisor.post(path, ["amount": "600.00", "note": "缺勤一天"], first).string("/state") == "proposed")
    let leader = try desk.who("leader")
    #expect(try leader.post(path, [:], ["If-Match": "\"2\""]).string("/state") == "confirmed")
    #expect(try supervisor.post(path, ["amount": "700.00"], ["If-Match": "\"3\""]).string("/code") == "already-decided")
    // Nobody decides what they proposed, and a proposal costs nothing.
    let own = try supervisor.make(
      "\(desk.office)/incidents", ["contract": "seats-2019", "incident": "late-or-early", "occurredAt": "2020-02-03T09:00:00+08:00"])
    #expect(try supervisor.post("\(desk.office)/incidents/\(own)/confirm", [:], first).string("/code") == "own-proposal")
    #expect(try desk.statement("last", asOf: "2020-11-30").amounts == ["57561.00", "-600.00"])
  }

  @Test("faults of an acceptance point to members that its body has")
  func members() throws {
    let desk = try Desk("fangshan", "service-2022")
    let (office, path) = (try desk.who("supervisor"), "\(desk.path)/acceptances")
    #expect(try office.post(path, ["on": "2023-01-05", "result": "rejected"]).faults == ["/cureBy missing-member"])
    let back = try office.post(path, ["on": "2023-01-05", "result": "rejected", "cureBy": "2023-01-04"])
    #expect(back.faults == ["/cureBy out-of-range"], "\(back.text)")
  }

  @Test("each side records its own events; what the office decides the vendor does not")
  func sides() throws {
    let desk = try Desk("anding", "service-2024")
    let vendor = try desk.who("vendor-manager")
    let office = try desk.who("supervisor")
    func post(_ caller: Caller, _ event: String, _ more: JSONObject = [:]) throws -> Caller.Answer {
      var body: JSONObject = ["on": "2024-06-27", "event": .string(event)]
      for member in more.members { body[member.name] = member.value }
      return try caller.post("\(desk.path)/events", .object(body))
    }
    #expect(try post(vendor, "vacancy-filled").status == 201)
    #expect(try post(office, "vacancy-filled").string("/code") == "not-your-side")
    #expect(try post(office, "removal-demanded").status == 201)
    #expect(try post(vendor, "removal-demanded").string("/code") == "not-your-side")
    #expect(try post(vendor, "vacancy-opened").status == 201 && post(office, "vacancy-opened").status == 201)
    for decided in ["terminated", "heldOver"] {
      #expect(try post(vendor, decided, decided == "heldOver" ? ["on": "2024-12-26"] : [:]).string("/code") == "not-your-side")
    }
    #expect(try post(vendor, "appraisalConfirmed", ["payment": "quarter-2"]).string("/code") == "not-your-side")
    for resource in ["payments", "audited-amounts", "grades", "score-sheets", "acceptances"] {
      #expect(try vendor.post("\(desk.path)/\(resource)", ["on": "2024-06-27"]).status != 201)
    }
  }
}
