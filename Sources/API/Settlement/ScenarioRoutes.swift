// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// What a contract would come to: facts are assumed, judged as if they were recorded, settled with, and forgotten.
enum ScenarioRoutes {
  static func all(_ services: Services) -> [Route] { [simulate(services)] + LineReasonRoutes.all(services) }

  private static func simulate(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/settlements/simulate", .tenant(.settlementSimulate), body: Scenario.shape,
      Operation(
        "simulateSettlements",
        Text(zh: "假定若干事实，比较有无假定的各期结算；不记录", en: "Assume facts and compare the settlements with and without them; records nothing"),
        answer: Listing.named(["asOf", "assumed", "payable", "claimed", "payments", "claims", "rights", "pending", "statements"]))
    ) { call, scenario in
      let dossier = try await services.dossier(of: call.variable(1), for: call)
      var faults = try scenario.faults(under: dossier.contract, packs: dossier.packs, recorded: dossier.facts, at: call.now)
      for (index, content) in scenario.facts.enumerated() {
        if case .score(let series, _, let subject?, _) = content.body, dossier.contract.scoresStaff(series) {
          faults += try await services.faults(inStaff: subject, under: call.variable(1), at: "/facts/\(index)/subject", for: call)
        }
      }
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      let comparison = try dossier.comparison(of: scenario, at: call.now)
      var writer = JSONWriter(capacity: 1 << 15)
      try comparison.write(to: &writer)
      return Response.json(writer.bytes)
    }
  }
}
