// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Postgres
import Support
import Synchronization
import Testing

@Suite("The program and PostgreSQL killed at work", MortalDeployment(name: "server"), .serialized)
struct ServerCrashTests {
  enum Victim: String, CaseIterable, Sendable { case program, database }

  /// An office that is new to the deployment, as a directory.
  private func newOffice(_ code: String) throws -> String {
    var files = try OfficeDirectory("deploy/tenants/anding")
    try files.set("office.json", "code", to: .string(code))
    let directory = try Deployment.current.state + "/" + code
    try files.write(to: directory)
    return directory
  }

  @Test("an office's files are in force whole or not at all, wherever applying them was killed", arguments: Victim.allCases)
  func apply(victim: Victim) async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    let directory = try newOffice("seventh-\(victim.rawValue)")
    let settings = Deployment.settings(database.cluster, database.name, deployment.state)
    let before = try database.fingerprint()
    // From the first table that is written to the last.
    for table in [
      "tenant", "role", "department", "contract", "contract_revision", "staff_member", "rule_table", "tenant_file", "audit_event",
    ] {
      // Nobody writes into the table while this transaction lasts, so the program stands still in the middle of its own.
      let lock = try database.connect()
      try lock.run("BEGIN; LOCK TABLE \(table) IN SHARE MODE")
      let program = try RunningProgram([Deployment.program, "tenant", "apply", directory] + settings, log: deployment.state + "/apply.log")
      try wait(for: "a lock on \(table)") {
        if !program.isRunning { throw Command.Failure(description: "it did not write into \(table): \(try program.printed)") }
        return try lock.rows("SELECT count(*) FROM \(TestDatabase.locksWaitedFor)")[0][0] != "0"
      }
      switch victim {
      case .program:
        #expect(program.end(by: SIGKILL) == 128 + SIGKILL)
        try lock.run("ROLLBACK")
      case .database:
        try database.cluster.crash()
        _ = try Cluster.start(database.cluster.name)
        // It says that the database is gone, and does not claim success.
        try wait(for: "the program's end") { !program.isRunning }
        let (status, printed) = (program.end(by: SIGTERM), try program.printed)
        #expect(status == 5, "\(printed)")
      }
      try database.waitUntilNothingIsUnderWay()
      #expect(try database.fingerprint() == before, "killed at \(table)")
    }
    #expect(try deployment.jiesu("tenant", "apply", directory).status == 0)
    let after = try database.fingerprint()
    #expect(after != before)
    #expect(try deployment.jiesu("tenant", "apply", directory).status == 0)
    #expect(try database.fingerprint() == after)
    try ready(deployment)
  }

  @Test("a recorded fact that was acknowledged is there, and sent again each is there once", arguments: Victim.allCases)
  func facts(victim: Victim) async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    let path = "/v1/tenants/huoying/contracts/technical-2025/payments"
    let recorded = try database.sql("SELECT count(*) FROM fact")
    let ledger = Ledger()
    for round in 1...3 {
      try ready(deployment)
      let finance = try deployment.caller("huoying.finance")
      let goal = ledger.acknowledged.count + 40 * round
      await withTaskGroup(of: Void.self) { group in
        for client in 1...6 {
          group.addTask {
            for number in 1...10_000 {
              let name = "\(victim)-\(round)-\(client)-\(number)"
              ledger.send(name)
              guard let answer = try? finance.post(path, Self.payment(name), key: name), answer.status == 201 else { return }
              ledger.acknowledge(name)
            }
          }
        }
        group.addTask {
          #expect(throws: Never.self) { try wait(for: "\(goal) facts") { ledger.acknowledged.count >= goal } }
          switch victim {
          case .program: deployment.crashServer()
          case .database: #expect(throws: Never.self) { try database.cluster.crash() }
          }
        }
      }
      switch victim {
      case .program: try deployment.serve()
      case .database: _ = try Cluster.start(database.cluster.name)
      }
      try ready(deployment)
      let stored = try notes(database, victim)
      #expect(Set(stored).count == stored.count, "a fact is there twice")
      let lost = ledger.acknowledged.subtracting(stored)
      #expect(lost.isEmpty, "acknowledged and lost: \(lost)")
      #expect(Set(stored).subtracting(ledger.sent).isEmpty)

      // Whoever got no answer asks again, with the same key.
      let again = try deployment.caller("huoying.finance")
      for name in ledger.sent.subtracting(ledger.acknowledged) {
        let answer = try again.post(path, Self.payment(name), key: name)
        #expect(answer.status == 201 && (answer.fields["idempotency-replayed"] == "true") == stored.contains(name), "\(answer.text)")
        ledger.acknowledge(name)
      }
      #expect(try notes(database, victim).sorted() == ledger.sent.sorted())
    }
    // Each fact has its note in the log and its stored answer: they were written together.
    let added = "\(try #require(Int(recorded)) + ledger.sent.count)"
    #expect(try database.sql("SELECT count(*) FROM fact") == added)
    #expect(try database.sql("SELECT count(*) FROM audit_event WHERE action = 'fact.record'") == added)
    #expect(try database.sql("SELECT count(*) FROM idempotency WHERE route = 'recordPayment'") == added)
  }

  private static func payment(_ name: String) -> JSON {
    ["on": "2025-12-08", "payment": "period-1", "amount": "0.01", "note": .string(name)]
  }

  private func notes(_ database: TestDatabase, _ victim: Victim) throws -> [String] {
    try database.sql("SELECT note FROM fact WHERE note LIKE '\(victim)-%'").split(separator: "\n").map(String.init)
  }

  /// Waits until the server takes requests again.
  private func ready(_ deployment: Deployment) throws {
    try wait(for: "the server") { try deployment.stranger.get("/readyz").status == 200 }
  }

  /// What clients sent, and what they were told is done.
  private final class Ledger: Sendable {
    private let names = Mutex<(sent: Set<String>, acknowledged: Set<String>)>(([], []))

    func send(_ name: String) { names.withLock { _ = $0.sent.insert(name) } }
    func acknowledge(_ name: String) { names.withLock { _ = $0.acknowledged.insert(name) } }
    var sent: Set<String> { names.withLock { $0.sent } }
    var acknowledged: Set<String> { names.withLock { $0.acknowledged } }
  }
}
