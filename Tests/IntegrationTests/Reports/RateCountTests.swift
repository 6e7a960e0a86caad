// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

/// What is kept of the three rates, against all that is stored of orders.
@Suite("The three rates as they are kept", .database(), .serialized)
struct RateCountTests {
  private static let tenant = 3

  /// A statement that does something to some orders, as the steps of their lives do.
  private static func step(_ random: inout SplitMix, _ round: Int) -> String {
    let pick = { (random: inout SplitMix, words: [String]) in words[Int(random.next() % UInt64(words.count))] }
    let some = "tenant_id = \(tenant) AND ('x' || md5(id::text || '\(round)'))::bit(8)::int < \(random.next() % 120)"
    switch random.next() % 9 {
    case 0:
      // Some come in together, some alone.
      return """
        INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, category, community, title, received_at, changed_at)
        SELECT \(tenant), gen_random_uuid(), 1, 'received', true, \(pick(&random, ["'city'", "'grid'", "'district'"])), '\(round)-' || g, '7d',
          \(pick(&random, ["NULL", "'噪声'", "(ARRAY['道路', '停车'])[1 + g % 2]"])), \(pick(&random, ["NULL", "'c1'"])), '诉求',
          '2026-01-30T15:59:59Z'::timestamptz + g * interval '1 hour', now() FROM generate_series(1, \(1 + random.next() % 40)) AS g
        """
    case 1: return "UPDATE work_order SET seat = '\(pick(&random, seats))', stage = 'signed' WHERE \(some)"
    case 2: return "UPDATE work_order SET department = \(pick(&random, ["'d1'", "'d2'", "NULL"])), stage = 'dispatched' WHERE \(some)"
    case 3:
      return """
        UPDATE work_order SET is_contacted = random() < 0.8, resolution = (ARRAY['solved', 'partly', 'unsolved'])[1 + floor(random() * 3)],
          satisfaction = (ARRAY['satisfied', 'basically', 'dissatisfied'])[1 + floor(random() * 3)] WHERE \(some)
        """
    case 4: return "UPDATE work_order SET is_contacted = NULL, resolution = NULL, satisfaction = NULL WHERE \(some)"
    case 5: return "UPDATE work_order SET exclusion = '\(pick(&random, ["granted", "asked", "refused"]))' WHERE \(some)"
    case 6: return "UPDATE work_order SET appeal = '\(pick(&random, ["granted", "asked", "none"]))' WHERE \(some)"
    case 7: return "UPDATE work_order SET stage = '\(pick(&random, ["returned", "closed"]))', version = version + 1 WHERE \(some)"
    default: return "UPDATE work_order SET category = '停车', community = 'c2', version = version + 1 WHERE \(some)"
    }
  }

  private static let seats = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"]

  private static func days(_ first: String, _ last: String) throws -> DateRange {
    let first = try #require(CivilDate(first))
    let last = try #require(CivilDate(last))
    return try #require(DateRange(first, through: last))
  }

  /// The same from the orders themselves.
  private static func recount(_ dimension: RateDimension, on days: DateRange, _ database: TestDatabase) throws -> [String] {
    let key =
      switch dimension {
      case .office: "''"
      case .seat: "coalesce(seat::text, '')"
      default: "coalesce(\(dimension.rawValue), '')"
      }
    return try database.sql(
      """
      SELECT \(key) COLLATE "C", (CASE WHEN source = 'grid' THEN 'withoutCitizen' WHEN stage = 'returned' THEN 'returned'
          WHEN exclusion = 'granted' THEN 'excluded' WHEN appeal = 'granted' THEN 'appealed' ELSE 'counted' END) COLLATE "C", count(*),
        count(*) FILTER (WHERE is_contacted), count(*) FILTER (WHERE is_contacted IS NOT NULL), count(*) FILTER (WHERE resolution = 'solved'),
        count(*) FILTER (WHERE resolution = 'partly'), count(*) FILTER (WHERE satisfaction = 'satisfied'),
        count(*) FILTER (WHERE satisfaction = 'basically')
      FROM work_order WHERE tenant_id = \(tenant) AND received_at >= '\(Instant(days.first))' AND received_at < '\(Instant(days.last))'::timestamptz + interval '1 day'
      GROUP BY 1, 2 ORDER BY 1, 2
      """
    ).split(separator: "\n").map(String.init)
  }

  private static func kept(_ dimension: RateDimension, on days: DateRange, _ database: TestDatabase) async throws -> [String] {
    let tenant = try #require(TenantID(Int32(tenant)))
    return try await database.lanes.query(RateStore.rates(by: dimension, on: days, in: tenant), in: .tenant(tenant.number)).map { line in
      let counts = line.counts
      return "\(line.key)|\(line.kind.rawValue)|\(counts.orders)|\(counts.responded)|\(counts.calledBack)|\(counts.solved)|\(counts.partly)"
        + "|\(counts.satisfied)|\(counts.basically)"
    }
  }

  @Test("equal a full recount at any time, however the orders change and whenever differences are folded")
  func recounted() async throws {
    var seeds = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: .min ... .max, using: &seeds)
    var random = SplitMix(state: seed)
    let database = try TestDatabase.current
    let tenant = try #require(TenantID(Int32(Self.tenant)))
    let spans = try [("2026-01-01", "2026-03-31"), ("2026-01-31", "2026-01-31"), ("2026-02-01", "2026-02-28")].map {
      try Self.days($0, $1)
    }
    let connection = try database.connect(as: "jiesu_server")
    for round in 1...120 {
      try connection.run(
        "BEGIN; SET LOCAL jiesu.tenant = '\(Self.tenant)'; \(Self.step(&random, round)); \(round % 7 == 0 ? "ROLLBACK" : "COMMIT")")
      if random.next() % 4 == 0 {
        _ = try await database.lanes.query(
          RateStore.fold(atMost: Int32(1 + random.next() % 50), in: tenant), in: .tenant(tenant.number), .write)
      }
      if round % 6 == 0 {
        for days in spans {
          for dimension in RateDimension.allCases {
            let kept = try await Self.kept(dimension, on: days, database)
            let counted = try Self.recount(dimension, on: days, database)
            try #require(kept == counted, "seed \(seed), round \(round), \(dimension) of \(days)")
          }
        }
      }
    }
    #expect(try database.sql("SELECT count(*) > 100 FROM work_order WHERE tenant_id = \(Self.tenant)") == "t", "seed \(seed)")
  }

  @Test("differences are due when they are many or old, are folded once, and leave the counts as they were")
  func folding() async throws {
    let database = try TestDatabase.current
    let tenant = try #require(TenantID(1))
    try database.script(
      """
      INSERT INTO organisation (code, kind, name_zh, name_en, created_at) VALUES ('office', 'office', '单位', 'Office', now());
      INSERT INTO tenant (code, kind, name_zh, name_en, organisation, created_at) VALUES ('some', 'town', '某镇', 'A town', 'office', now());
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, title, received_at, changed_at)
        SELECT 1, gen_random_uuid(), 1, 'received', true, 'city', 'n' || g, '7d', '诉求', '2026-05-01T00:00:00Z', now() FROM generate_series(1, 30) AS g;
      UPDATE work_order SET department = 'd1' WHERE tenant_id = 1;
      """)
    let due = { try await database.lanes.query(RateStore.due(at: Instant(.first)), in: .platform) }
    #expect(try await due().isEmpty)
    try database.sql("UPDATE rate_delta SET noted_at = now() - interval '2 minutes' WHERE tenant_id = 1")
    #expect(try await due().map(\.id) == [tenant])
    let days = try Self.days("2026-05-01", "2026-05-01")
    let rates = { try await database.lanes.query(RateStore.rates(by: .department, on: days, in: tenant), in: .tenant(1)) }
    let before = try await rates()
    #expect(before.map(\.key) == ["d1"] && before.first?.counts.orders == 30)
    var folded = 0
    while case let count = try await database.lanes.query(RateStore.fold(atMost: 25, in: tenant), in: .tenant(1), .write)[0], count > 0 {
      folded += count
      #expect(try await rates() == before)
    }
    #expect(folded == 61)
    #expect(try await due().isEmpty)
    #expect(try database.sql("SELECT sum(orders) FROM rate_count WHERE tenant_id = 1 AND dimension = 'office'") == "30")
  }
}

/// A small generator whose runs can be repeated.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
