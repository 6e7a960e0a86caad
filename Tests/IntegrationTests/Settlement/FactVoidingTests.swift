// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Who may take back what stands on record.
@Suite("Facts that are voided", .deployment)
struct FactVoidingTests {
  private func void(_ desk: Desk, _ fact: String, by role: String, key: String? = nil) throws -> Caller.Answer {
    try desk.who(role).post("\(desk.office)/facts/\(fact)/void", ["reason": "Recorded by mistake."], key: key, ["Accept-Language": "en"])
  }

  @Test("a fact is voided by whoever may record one of its kind, and by nobody else")
  func kinds() throws {
    let desk = try Desk("huoying", "technical-2025")
    let paid = try desk.pay("period-1", "2025-12-15", "1000.00")
    for role in ["leader", "supervisor"] {
      let refused = try void(desk, paid, by: role)
      #expect(refused.status == 403 && refused.string("/detail")?.contains("payment.write") == true, "\(role): \(refused.text)")
    }
    #expect(try void(desk, paid, by: "vendor-manager").status == 403)
    #expect(try void(desk, paid, by: "finance").status == 200)
    // What two people agreed to is voided where they agreed to it.
    let grade = try desk.grade("monthly", "2025-08", "优秀", on: "2025-09-08")
    #expect(try void(desk, grade, by: "leader").string("/code") == "void-where-agreed")
    let invoice = try desk.invoice("period-1", "2025-12-01", "388800.00")
    #expect(try void(desk, invoice, by: "supervisor").status == 403)
    // What the office recorded is the office's, also where the vendor may record the like.
    let foreign = try void(desk, invoice, by: "vendor-manager")
    #expect(foreign.status == 403 && foreign.string("/code") == "not-your-side")
    let own = try desk.record("invoices", by: "vendor-manager", ["on": "2025-12-01", "payment": "period-1", "amount": "1.00"])
    #expect(try void(desk, own, by: "vendor-manager", key: "own").status == 200)
    #expect(try void(desk, own, by: "vendor-manager", key: "own").fields["idempotency-replayed"] == "true")
    #expect(try void(desk, invoice, by: "finance").status == 200)
  }

  @Test("an event that the contract lets one side record is that side's to void")
  func events() throws {
    let desk = try Desk("fangshan", "service-2022")
    let delivered = try desk.record("events", by: "vendor-manager", ["on": "2022-12-30", "event": "deliverablesSubmitted"])
    let rejected = try desk.record(
      "acceptances", by: "supervisor", ["on": "2023-01-05", "result": "rejected", "cureBy": "2023-01-20"])
    #expect(try void(desk, rejected, by: "vendor-manager").status == 403)
    #expect(try void(desk, rejected, by: "finance").status == 403)
    #expect(try void(desk, rejected, by: "supervisor").status == 200)
    #expect(try void(desk, delivered, by: "vendor-manager").status == 200)
    let report = try desk.record("events", by: "vendor-manager", ["on": "2022-09-01", "event": "daily-report"])
    let refused = try void(desk, report, by: "supervisor")
    #expect(refused.status == 403 && refused.string("/code") == "not-your-side")
    #expect(try void(desk, report, by: "vendor-manager").status == 200)
  }

  @Test("a repeated decision gets the stored answer with its ETag")
  func tags() throws {
    let desk = try Desk("huoying", "technical-2025")
    let body: JSON = ["contract": .string(desk.contract), "incident": "not-performing", "occurredAt": "2025-10-01T09:30:00+08:00"]
    let manager = try desk.who("vendor-manager")
    let first = try manager.post("\(desk.office)/incidents", body, key: "tagged")
    let second = try manager.post("\(desk.office)/incidents", body, key: "tagged")
    #expect(first.status == 201 && second.fields["idempotency-replayed"] == "true", "\(first.text)")
    #expect(first.fields["etag"] == "\"1\"" && second.fields["etag"] == "\"1\"" && second.fields["location"] == first.fields["location"])
  }
}
