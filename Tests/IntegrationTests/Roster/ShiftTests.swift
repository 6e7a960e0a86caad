// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Shifts and coverage through the API, on a server whose clock says December 2019.
@Suite("Shifts and coverage over the API", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct ShiftTests {
  private func office() throws -> RosterOffice { try RosterOffice("sanjianfang") }

  @Test("a month is generated from the rules, by crews and by the calendar, and covers every post; again it plans nothing")
  func generate() throws {
    let office = try office()
    let answer = try office.generate("2020-01-01", "2020-01-31")
    // Two shifts a day on the seats; 17 working days of January 2020, the make-up Sunday of the 19th among them, for the analyst.
    #expect(answer.json["planned"]?.integer == 79, "\(answer.text.prefix(400))")
    #expect(answer.json["openCount"]?.integer == 0)
    let shifts = try office.shifts("from=2020-01-01&to=2020-01-31")
    #expect(shifts.count == 79 && shifts.allSatisfy { $0.origin == "generated" })
    // The first crew begins its cycle on 2019-10-10: 84 days later it is in it again on 2020-01-02.
    #expect(try office.shift("seat-1", from: "2020-01-02T08:00").to.hasPrefix("2020-01-02T20:00"))
    #expect(try office.shift("seat-1", from: "2020-01-03T20:00").to.hasPrefix("2020-01-04T08:00"))
    let analyst = try office.shifts("from=2020-01-01&to=2020-01-31&person=analyst-1").map { String($0.from.dropFirst(8).prefix(2)) }
    #expect(analyst.contains("19") && !analyst.contains("24") && !analyst.contains("25") && !analyst.contains("01"))
    // The night of the 31st of December was planned by nobody.
    #expect(try office.gaps("2020-01-01", "2020-01-31") == ["seat 2020-01-01T00:00…2020-01-01T08:00 1/0"])
    #expect(try office.generate("2020-01-01", "2020-01-31").json["planned"]?.integer == 0)
    #expect(try office.shifts("from=2020-01-01&to=2020-01-31&post=analyst", page: 5).count == 17)
  }

  @Test("a cancelled shift is a gap, told with who could fill it and why the others cannot; who stands in closes it")
  func gap() throws {
    let office = try office()
    try office.generate("2020-02-01", "2020-02-29")
    let manager = try office.who("vendor-manager")
    // 2020-02-19 is a first day of the first crew: seat-4 works the night into it, seat-2 follows a day later, seat-4 works that night.
    let shift = try office.shift("seat-1", from: "2020-02-19T08:00")
    #expect(try manager.post("\(office.path)/shifts/\(shift.id)/cancel", ["reason": "病假"]).status == 428)
    let cancelled = try manager.post("\(office.path)/shifts/\(shift.id)/cancel", ["reason": "病假"], ["If-Match": "\"1\""])
    #expect(cancelled.status == 200 && cancelled.string("/state") == "cancelled", "\(cancelled.text)")
    #expect(try office.gaps("2020-02-10", "2020-02-25") == ["seat 2020-02-19T08:00…2020-02-19T20:00 1/0"])
    let open = try office.coverage("2020-02-19", "2020-02-19").json.value(at: "/gaps/0/open/0")
    #expect(open?["shift"]?.string == "day" && open?["missing"]?.integer == 1)
    let hindered = (open?["hindered"]?.array ?? []).map { "\($0["person"]?.string ?? "") \($0["by"]?.string ?? "")" }
    let able = (open?["able"]?.array ?? []).compactMap(\.string)
    let nights = try office.shifts("from=2020-02-18&to=2020-02-19&post=seat&state=planned").filter {
      $0.from.contains("T20:00") && $0.from > "2020-02-18T"
    }.map(
      \.person)
    // Whoever works the night before or after is not rested; the two others may come, the one whose day off it was among them.
    #expect(Set(hindered) == Set(nights.map { "\($0) notRested" }), "\(hindered) \(able)")
    #expect(Set(able).union(nights) == ["seat-1", "seat-2", "seat-3", "seat-4"] && able.contains("seat-1"))

    // Who is not rested is refused unless somebody says that it must be; who is not on the post never comes in.
    let body: (String) -> JSON = { person in
      [
        "shifts": [
          [
            "person": .string(person), "contract": "seats-2019", "post": "seat", "startsAt": "2020-02-19T08:00:00+08:00",
            "endsAt": "2020-02-19T20:00:00+08:00",
          ]
        ]
      ]
    }
    #expect(try manager.post("\(office.path)/shifts", body(nights[0])).faults == ["/shifts/0/person not-rested"])
    #expect(try manager.post("\(office.path)/shifts", body("analyst-1")).faults == ["/shifts/0/person not-qualified"])
    #expect(try manager.post("\(office.path)/shifts", body("nobody")).faults == ["/shifts/0/person not-qualified"])
    let planned = try manager.post("\(office.path)/shifts", body(able.first { $0 != "seat-1" } ?? ""), key: "stand-in")
    #expect(planned.status == 201 && planned.json["planned"]?.integer == 1, "\(planned.text)")
    let again = try manager.post("\(office.path)/shifts", body(able.first { $0 != "seat-1" } ?? ""), key: "stand-in")
    #expect(again.status == 201 && again.text == planned.text && again.fields["idempotency-replayed"] == "true")
    #expect(try office.gaps("2020-02-10", "2020-02-25") == [])
    // A shift of one's own stands for the slot: the rules want nothing more.
    #expect(try office.generate("2020-02-19", "2020-02-19").json["planned"]?.integer == 0)
  }

  @Test("a shift is taken over by somebody who may, in one step; what has begun stays")
  func replace() throws {
    let office = try office()
    try office.generate("2020-03-01", "2020-03-31")
    let manager = try office.who("vendor-manager")
    let day = try #require(office.shifts("from=2020-03-10&to=2020-03-10&post=seat&state=planned").first { $0.from.contains("T08:00") })
    let path = "\(office.path)/shifts/\(day.id)"
    let open = try office.shifts("from=2020-03-09&to=2020-03-10&post=seat&state=planned").filter {
      $0.from.contains("T20:00") && $0.from > "2020-03-09T"
    }.map(
      \.person)
    let rested = try #require(["seat-1", "seat-2", "seat-3", "seat-4"].first { $0 != day.person && !open.contains($0) })
    let tag = ["If-Match": "\"1\""]
    let tired = try manager.post("\(path)/replace", ["person": .string(open[0]), "reason": "家事"], tag)
    #expect(tired.status == 422 && tired.faults == ["/person not-rested"], "\(tired.text)")
    let done = try manager.post("\(path)/replace", ["person": .string(rested), "reason": "家事"], tag)
    #expect(done.status == 200, "\(done.text)")
    let replacement = try #require(done.string("/replacement"))
    let read = try manager.get("\(office.path)/shifts/\(replacement)")
    #expect(read.string("/origin") == "replacement" && read.string("/originId") == day.id && read.string("/pattern") == "watch")
    #expect(try manager.get(path).string("/cancelledBecause") == "家事")
    #expect(try manager.post("\(path)/replace", ["person": .string(day.person), "reason": "x"], tag).status == 409)
    #expect(try office.gaps("2020-03-02", "2020-03-31") == [])
    #expect(try office.generate("2020-03-10", "2020-03-10").json["planned"]?.integer == 0)

    // Rest may be broken where somebody says why.
    let other = try #require(office.shifts("from=2020-03-20&to=2020-03-20&post=seat&state=planned").first { $0.from.contains("T08:00") })
    let night = try #require(office.shifts("from=2020-03-20&to=2020-03-20&post=seat&state=planned").first { $0.from.contains("20T20:00") })
    let forced = try manager.post(
      "\(office.path)/shifts/\(other.id)/replace", ["person": .string(night.person), "reason": "人手不足", "despiteRest": true], tag)
    #expect(forced.status == 200, "\(forced.text)")
    #expect(try manager.get("\(office.path)/shifts/\(forced.string("/replacement") ?? "")").string("/reason") == "人手不足")

    try office.generate("2019-12-20", "2019-12-21")
    let begun = try #require(office.shifts("from=2019-12-20&to=2019-12-20&state=planned").first { $0.from.contains("2019-12-20T08:00") })
    let late = try manager.post("\(office.path)/shifts/\(begun.id)/cancel", ["reason": "x"], tag)
    #expect(late.status == 409 && late.string("/code") == "shift-begun", "\(late.text)")
    #expect(try manager.get("\(office.path)/shifts/\(begun.id)").json["plannedLate"] == true)
  }

  @Test("only the vendor's manager plans; whoever is of the office or works under the contract sees it, nobody else does")
  func permissions() throws {
    let office = try office()
    let body: JSON = ["generate": ["from": "2020-04-01", "to": "2020-04-02"]]
    for role in ["supervisor", "leader", "admin", "seat-1", "analyst-1"] {
      #expect(try office.who(role).post("\(office.path)/shifts", body).status == 403, "\(role)")
      #expect(try office.who(role).get("\(office.path)/roster/rules").status == 200, "\(role)")
    }
    #expect(try office.who("finance").get("\(office.path)/shifts").status == 403)
    let other = try RosterOffice("anding").who("vendor-manager")
    #expect(try other.post("\(office.path)/shifts", body).status == 404)
    #expect(try other.get("\(office.path)/roster/coverage?from=2020-04-01&to=2020-04-02").status == 404)
    #expect(try office.who("supervisor").get("\(office.path)/shifts?contract=other").status == 404)
    #expect(try office.who("supervisor").get("\(office.path)/roster/coverage?from=2020-04-01&to=2020-08-02").status == 422)
    #expect(try office.who("supervisor").get("\(office.path)/roster/coverage?from=2030-04-01&to=2030-04-02").json["gaps"] == [])
    let stray: JSON = ["generate": ["from": "2020-04-02", "to": "2020-04-01"]]
    #expect(try office.who("vendor-manager").post("\(office.path)/shifts", stray).faults == ["/generate/to out-of-range"])
  }

  @Test("the first day of a contract's term is wanted from 00:00, the last until 24:00, and nothing beyond")
  func term() throws {
    let office = try office()
    #expect(
      try office.gaps("2019-10-08", "2019-10-10") == [
        "analyst 2019-10-10T09:00…2019-10-10T18:00 1/0", "seat 2019-10-10T00:00…2019-10-11T00:00 1/0",
      ])
    #expect(
      try office.gaps("2020-10-10", "2020-10-12") == [
        "analyst 2020-10-10T09:00…2020-10-10T18:00 1/0", "seat 2020-10-10T00:00…2020-10-11T00:00 1/0",
      ])
    #expect(try office.generate("2020-10-10", "2020-10-12").json["openCount"]?.integer == 0)
    #expect(try office.gaps("2020-10-10", "2020-10-12") == ["seat 2020-10-10T00:00…2020-10-10T08:00 1/0"])
    #expect(try office.shifts("from=2020-10-10&to=2020-10-12&post=seat").last?.to == "2020-10-11T00:00:00+08:00")
  }

  @Test("two who plan the same person at once: one does, the other is told why not")
  func race() async throws {
    let office = try office()
    let answers = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try await BlockingThreads.run {
            try office.who("vendor-manager").post(
              "\(office.path)/shifts",
              [
                "shifts": [
                  [
                    "person": "seat-2", "contract": "seats-2019", "post": "seat", "startsAt": "2020-06-01T08:00:00+08:00",
                    "endsAt": "2020-06-01T20:00:00+08:00",
                  ]
                ]
              ])
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count { $0.status == 201 } == 1)
    #expect(answers.allSatisfy { $0.status == 201 || $0.faults == ["/shifts/0/person on-duty"] || $0.string("/code") == "roster-changed" })
    #expect(try office.shifts("from=2020-06-01&to=2020-06-01").count == 1)
  }
}
