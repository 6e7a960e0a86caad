// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Glibc
import Support
import Synchronization
import Testing

/// Many at once on one statement, and a server that is killed in the middle of it.
@Suite("Confirming under fire", .deployment, .serialized)
struct ConfirmUnderFireTests {
  /// What several calls at once were answered with.
  private func atOnce(_ calls: [@Sendable () throws -> Caller.Answer]) async throws -> [Caller.Answer] {
    try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for call in calls { group.addTask { try call() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func snapshots(_ desk: Desk, _ payment: String) throws -> String {
    try desk.deployment.database.sql(
      "SELECT count(*) FROM settlement_snapshot WHERE contract_id = '\(desk.contract)' AND payment = '\(payment)'")
  }

  @Test("of two people at once one is first and the other is told to read again; the same person is counted once, however often they ask")
  func people() async throws {
    let desk = try Desk("huoying", "technical-2025")
    // Nobody signs in while the others race.
    for role in ["supervisor", "finance", "leader"] { _ = try desk.who(role) }
    for payment in ["period-1", "period-2"] {
      try desk.advance("propose", payment, by: "supervisor")
      let tag = try desk.version(payment)
      let first = try await atOnce(
        ["leader", "finance"].map { role in { @Sendable in try desk.step("confirm", payment, by: role, tag: tag) } })
      #expect(first.map(\.status).sorted() == [200, 412], "\(first.map(\.text))")
      let winner = try #require(first.firstIndex { $0.status == 200 })
      #expect(first[winner].json["confirmations"] == 1 && first[winner].string("/state") == "proposed")
      // Whoever was first asks again, many times; somebody else asks, many times: one of those counts.
      let now = try desk.version(payment)
      let again = try await atOnce(
        (1...12).map { number in
          { @Sendable in try desk.step("confirm", payment, by: number % 2 == 0 ? "leader" : "finance", tag: now) }
        })
      #expect(again.count { $0.status == 200 } == 1, "\(again.map(\.text))")
      for answer in again where answer.status != 200 {
        let code = answer.string("/code") ?? ""
        #expect(
          (answer.status == 403 && code == "second-person-required") || (answer.status == 412 && code == "changed-since")
            || (answer.status == 409 && code == "not-in-this-state"), "\(answer.status) \(answer.text)")
      }
      #expect(try desk.view(payment).string("/life/state") == "confirmed")
      #expect(try snapshots(desk, payment) == "1" && desk.replaysEqual(payment))
      let confirmations = (try desk.view(payment).json.value(at: "/life/steps")?.array ?? []).filter { $0["step"] == "confirm" }
      #expect(Set(confirmations.compactMap { $0["by"]?.string }).count == 2)
    }
  }

  @Test("a fact that arrives meanwhile is in the snapshot or becomes a correction, and is never lost")
  func facts() async throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let payments = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    let last = try #require(payments.last)
    for payment in payments.dropLast() { try desk.confirm(payment) }
    for role in ["supervisor", "finance", "leader", "vendor-manager"] { _ = try desk.who(role) }
    let count = 24
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<3 {
        group.addTask {
          for number in 0..<count / 3 {
            try desk.incident("late-or-early", "2020-0\(number % 8 + 1)-1\(worker)", subject: "seat-1", late: true)
            tally.recorded()
          }
        }
      }
      group.addTask {
        // Proposed and confirmed again and again until it holds.
        while true {
          if try desk.view(last).string("/life/state") == "draft" { try desk.advance("propose", last, by: "supervisor") }
          for role in ["leader", "finance"] {
            let answer = try desk.step("confirm", last, by: role)
            if answer.status == 200 { continue }
            tally.refused(answer.string("/code") ?? answer.text)
            try desk.advance("withdraw", last, by: "supervisor")
            break
          }
          if try desk.view(last).string("/life/state") == "confirmed" { return }
        }
      }
      try await group.waitForAll()
    }
    #expect(tally.count == count)
    #expect(tally.refusals.allSatisfy { $0 == "statement-changed" }, "\(tally.refusals)")
    #expect(try snapshots(desk, last) == "1" && desk.replaysEqual(last))
    let snapshot = try desk.who("finance").get("\(desk.settlement(last))/snapshot")
    let within = (snapshot.json.value(at: "/inputs/facts")?.array ?? []).count { $0["kind"] == "incident" }
    let line = (snapshot.json.value(at: "/statement/lines")?.array ?? []).first { $0["rule"] == "lateness" }
    let cited = line?["facts"]?.array?.count ?? 0
    #expect(cited == within, "the statement counts what it rests on")
    let corrections = try desk.corrections(last)
    let corrected = corrections.flatMap(\.facts).count
    #expect(within + corrected == count, "\(within) in the snapshot, \(corrected) corrected")
    let owed = corrections.compactMap(\.amount).compactMap { Fen(yuan: $0) }
    #expect(try Fen.sum(owed) == Fen(Int64(corrected) * -10_000))
  }

  @Test(
    "a server killed in the middle leaves a statement that is confirmed whole or not at all, and the same request again finds out which")
  func killed() async throws {
    let desk = try Desk("anding", "service-2024")
    let deployment = desk.deployment
    var delay: UInt32 = 0
    for payment in ["quarter-1", "quarter-2", "quarter-3", "quarter-4"] {
      try desk.advance("propose", payment, by: "supervisor")
      try desk.advance("confirm", payment, by: "leader")
      let tag = try desk.version(payment)
      let finance = try desk.who("finance")
      let path = "\(desk.settlement(payment))/confirm"
      let tally = Tally()
      let pause = delay
      delay += 6_000
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          tally.recorded()
          _ = try? finance.post(path, [:], key: payment, ["If-Match": tag])
        }
        group.addTask {
          while tally.count == 0 { usleep(100) }
          usleep(pause)
          deployment.crashServer()
        }
      }
      try deployment.serve()
      try deployment.database.waitUntilNothingIsUnderWay()
      let view = try desk.view(payment)
      let isConfirmed = view.string("/life/state") == "confirmed"
      #expect(try snapshots(desk, payment) == (isConfirmed ? "1" : "0"))
      #expect(view.fields["etag"] == (isConfirmed ? "\"4\"" : "\"3\"") && (view.json["snapshot"] != nil) == isConfirmed)
      let again = try desk.who("finance").post(path, [:], key: payment, ["If-Match": tag])
      #expect(again.status == 200 && again.fields["etag"] == "\"4\"", "\(again.text)")
      #expect((again.fields["idempotency-replayed"] == "true") == isConfirmed)
      #expect(try desk.view(payment).string("/life/state") == "confirmed" && snapshots(desk, payment) == "1" && desk.replaysEqual(payment))
    }
    #expect(try deployment.jiesu("contract", "replay", desk.tenant, desk.contract).status == 0)
  }

  /// What was done by several at once.
  private final class Tally: Sendable {
    private let state = Mutex<(count: Int, refusals: [String])>((0, []))

    func recorded() { state.withLock { $0.count += 1 } }
    func refused(_ code: String) { state.withLock { $0.refusals.append(code) } }
    var count: Int { state.withLock { $0.count } }
    var refusals: [String] { state.withLock { $0.refusals } }
  }
}
