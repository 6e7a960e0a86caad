// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Support
import Testing

@Suite("The commands")
struct CommandTests {
  @Test("an empty database becomes a deployment, and every step taken again changes nothing")
  func setUp() async throws {
    try await Workbench.empty { bench in
      #expect(try bench.run("doctor").status == 1, "an empty database is a finding")
      #expect(try bench.run("migrate").status == 0)
      #expect(
        try bench.run("calendar", "load", Workbench.path("deploy/calendars"), "--json").json.outcomes
          == Array(repeating: "added", count: 9))
      #expect(try bench.run("rule-pack", "load", Workbench.path("deploy/rule-packs"), "--json").json.outcomes == ["added", "added"])
      #expect(try bench.run("tenant", "apply", Workbench.path("deploy/tenants/anding")).status == 0)
      let before = try bench.sql("SELECT count(*) FROM platform_audit")
      #expect(try bench.run("migrate", "--json").json["applied"] == [])
      #expect(
        try bench.run("calendar", "load", Workbench.path("deploy/calendars"), "--json").json.outcomes.allSatisfy { $0 == "same" })
      #expect(try bench.run("rule-pack", "load", Workbench.path("deploy/rule-packs"), "--json").json.outcomes == ["same", "same"])
      let again = try bench.run("tenant", "apply", Workbench.path("deploy/tenants/anding"), "--json")
      #expect(try again.status == 0 && again.json["changes"] == [])
      #expect(try bench.run("tenant", "plan", Workbench.path("deploy/tenants/anding")).status == 0)
      #expect(try bench.run("tenant", "plan", Workbench.path("deploy/tenants/xisanqi")).status == 1)
      #expect(try bench.sql("SELECT count(*) FROM platform_audit") == before)
      let doctor = try bench.run("doctor")
      #expect(doctor.status == 0, "\(doctor.output)")
      let tenants = try bench.run("tenant", "list", "--json").json
      #expect(tenants[0]?["code"] == "anding" && tenants[0]?["contracts"] == 1 && tenants.array?.count == 1)
    }
  }

  @Test("a contract is shown with the clause behind every item, in either language, and as it is stored for machines")
  func show() async throws {
    try await Workbench.ready { bench in
      let id = "technical-2025"
      let zh = try bench.run("contract", "show", "huoying", id)
      let en = try bench.run("contract", "show", "huoying", id, "--lang", "en")
      #expect(zh.output.contains("壹佰壹拾陆万陆仟肆佰元整") && zh.output.contains("1,166,400.00"))
      #expect(en.output.contains("Payments") && en.output.contains("2025-08-08 … 2026-08-07"))
      let json = try bench.run("contract", "show", "huoying", id, "--json").json
      let stored = try #require(json["revisions"]?[0])
      let file = try JSON.parse(TestDatabase.file("deploy/tenants/huoying/contracts/\(id)/original.json"))
      #expect(stored["document"]?.canonical == file.canonical)
      #expect(try stored["sha256"]?.string == Hex.encode(SHA256.digest(of: file.canonical)))
      let document = try ContractDocument.shape.decode(file).get()
      for item in document.sections.flatMap(\.items) {
        #expect(zh.output.contains(item.id) && zh.output.contains(item.citation.clause) && zh.output.contains(item.citation.says.zh))
        #expect(en.output.contains(item.citation.says.en))
      }
      #expect(try bench.run("contract", "show", "huoying", "nothing").status == 4)
      #expect(try bench.run("contract", "show", "nobody", id).status == 4)
      #expect(try bench.run("contract", "show", "huoying", id, "--on", "tomorrow").status == 2)
      #expect(try bench.run("contract", "schema").json.canonical == ContractDocument.schema.canonical)
    }
  }

  @Test("a user gets the roles the office's files give, and a password that stands in a file of its own only")
  func users() async throws {
    try await Workbench.ready { bench in
      let added = try bench.run("user", "add", "first", "--tenant", "huoying", "--person", "leader", "--json")
      #expect(added.status == 0, "\(added.output)")
      let path = try #require(try added.json["passwordFile"]?.string)
      #expect(try Workbench.mode(path) == "600" && Workbench.mode(bench.state) == "700")
      let password = try #require(try Command.run(["cat", path]).output.split(separator: "\n").first)
      #expect(!added.output.contains(password))
      let stored = try bench.sql("SELECT password_hash FROM app_user WHERE login = 'first'")
      #expect(try PasswordHash(encoded: stored).accepts(String(password)))
      #expect(try bench.sql("SELECT role FROM membership") == "office.leader")
      #expect(try bench.sql("SELECT user_id IS NOT NULL FROM staff_member WHERE code = 'leader'") == "t")
      #expect(try bench.sql("SELECT count(*) FROM audit_event WHERE action = 'member.grant'") == "1")

      #expect(try bench.run("user", "add", "first", "--tenant", "huoying", "--person", "finance").status == 6, "the login is taken")
      #expect(try bench.run("user", "add", "second", "--tenant", "huoying", "--person", "leader").status == 6, "so is the person")
      #expect(try bench.run("user", "add", "Second", "--platform-role", "platform.admin", "--name", "某人").status == 4)
      #expect(try bench.run("user", "add", "second", "--platform-role", "platform.king", "--name", "某人").status == 4)
      #expect(try bench.run("user", "add", "second", "--tenant", "huoying").status == 2)
      #expect(try bench.sql("SELECT count(*) FROM app_user") == "1")

      let file = bench.state + "/given"
      _ = try Command.run(["sh", "-c", "umask 077; printf 'a long enough one\\n' > \(file)"])
      let admin = try bench.run(
        "user", "add", "second", "--platform-role", "platform.admin", "--name", "某人", "--password-file", file)
      #expect(admin.status == 0, "\(admin.output)")
      #expect(
        try PasswordHash(encoded: bench.sql("SELECT password_hash FROM app_user WHERE login = 'second'")).accepts("a long enough one"))
      #expect(
        try bench.sql("SELECT organisation || platform_roles::text FROM app_user WHERE login = 'second'") == "platform{platform.admin}"
      )
      _ = try Command.run(["chmod", "644", file])
      let open = try bench.run(
        "user", "add", "third", "--platform-role", "platform.admin", "--name", "某人", "--password-file", file)
      #expect(open.status == 4 && open.output.contains("644"))
    }
  }

  @Test("the demonstration's people and facts are added once, with passwords that stay, and its statements show something")
  func demo() async throws {
    try await Workbench.ready { bench in
      let path = Workbench.path("deploy/demo/huoying.json")
      let first = try bench.run("demo", "load", path, "--orders", "0", "--json")
      #expect(first.status == 0, "\(first.output)")
      let logins = try #require(try first.json["logins"]?.string)
      #expect(try Workbench.mode(logins) == "600")
      let text = try Command.run(["cat", logins]).output
      let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(try lines.count == first.json["added"]?.array?.count && lines.count > 5)
      let columns = try #require(lines.first).split(separator: " ")
      let hash = try bench.sql("SELECT password_hash FROM app_user WHERE login = '\(columns[0])'")
      #expect(try PasswordHash(encoded: hash).accepts(String(columns[1])))
      #expect(try first.json["recorded"] == 13)
      let statement = try bench.run("contract", "settle", "huoying", "technical-2025", "period-2")
      #expect(statement.output.contains("458,800.00") && statement.output.contains("2026-05-11"))
      let second = try bench.run("demo", "load", path, "--orders", "0", "--json")
      #expect(try second.json["recorded"] == 0)
      #expect(try second.json["added"] == [] && second.json["known"] == .integer(lines.count))
      #expect(try Command.run(["cat", logins]).output == text)
    }
  }

  @Test("the doctor names what is wrong with rights, isolation, documents, calendars and secrets")
  func doctor() async throws {
    try await Workbench.ready { bench in
      for text in [
        "DELETE FROM calendar_day WHERE year = 2026", "DELETE FROM calendar_year WHERE year = 2026",
        "ALTER TABLE fact NO FORCE ROW LEVEL SECURITY", "GRANT TRUNCATE ON incident TO jiesu_server",
        "GRANT DELETE ON fact TO jiesu_server",
        "UPDATE contract_revision SET document = jsonb_set(document, '{title,zh}', '\"别的\"')",
        "UPDATE schema_migration SET sha256 = sha256('x') WHERE number = 2",
      ] { try bench.sql(text) }
      _ = try Command.run([
        "sh", "-c", "mkdir -m 755 \(bench.state); touch \(bench.state)/key; chmod 640 \(bench.state)/key",
      ])
      let run = try bench.run("doctor", "--json")
      #expect(run.status == 1)
      let checks = try #require(try run.json["checks"]?.array)
      var findings: [String: Int] = [:]
      for check in checks { findings[check["check"]?.string ?? ""] = check["findings"]?.array?.count }
      #expect(
        findings == [
          "database": 0, "migrations": 1, "server-role": 0, "ownership": 0, "row-security": 1, "truncation": 1, "written-once": 1,
          "no-context": 0, "documents": 1, "snapshots": 0, "calendars": 2, "secrets": 2,
        ])
      let text = try bench.run("doctor", "--lang", "en")
      #expect(text.status == 1 && text.output.contains("the calendar of 2026 is not loaded") && text.output.contains("chmod 600"))
    }
  }

  @Test("files that are wrong end with 4 and name file and pointer; a refusal with 6; no database with 5; a bad command line with 2")
  func exitCodes() async throws {
    try await Workbench.ready { bench in
      let directory = bench.state + "-office"
      defer { _ = try? Command.run(["rm", "-rf", directory]) }
      _ = try Command.run(["cp", "-r", Workbench.path("deploy/tenants/huoying"), directory])
      _ = try Command.run(["sed", "-i", "s/1166400.00/1166400.005/", directory + "/contracts/technical-2025/original.json"])
      let faulty = try bench.run("tenant", "apply", directory)
      #expect(faulty.status == 4 && faulty.output.contains("contracts/technical-2025/original.json /total/amount"))
      _ = try Command.run([
        "cp", Workbench.path("deploy/tenants/huoying/contracts/technical-2025/original.json"), directory + "/contracts/technical-2025/",
      ])
      _ = try Command.run(["sed", "-i", "s/388800.00/388800.01/", directory + "/contracts/technical-2025/original.json"])
      #expect(try bench.run("tenant", "apply", directory).status == 6)
      #expect(try bench.run("tenant", "plan", directory).status == 6)
      #expect(try bench.run("tenant", "apply", "/nonexistent").status == 4)
      #expect(try bench.run("tenant", "apply").status == 2)
      #expect(try bench.run("tenant", "burn").status == 2)
      #expect(try bench.run("tenant", "list", "--colour", "red").status == 2)
      #expect(try bench.run(["tenant", "list"], ["JIESU_DATABASE_PORT": "no"]).status == 3)
      let unreachable = try bench.run(["tenant", "list"], ["JIESU_DATABASE_HOST": "/nonexistent"])
      #expect(unreachable.status == 5 && unreachable.output.contains("/nonexistent"))
      _ = try Command.run(["sh", "-c", "echo '{\"year\": 2027}' > \(directory)/2027.json"])
      #expect(try bench.run("calendar", "load", directory + "/2027.json").status == 4)
    }
  }
}

extension JSON {
  /// What became of each thing that was loaded.
  fileprivate var outcomes: [String] { array?.compactMap { $0["outcome"]?.string } ?? [] }
}
