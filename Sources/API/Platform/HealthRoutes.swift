// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP
import Postgres
import Store

/// What whoever runs the server asks it, and the API's own document.
enum HealthRoutes {
  static func all(_ services: Services, document: @escaping @Sendable () -> [UInt8]) -> [Route] {
    let alive = Response.json(Array("{\"status\":\"alive\"}".utf8))
    let ready = Response.json(Array("{\"status\":\"ready\"}".utf8))
    return [
      Route(
        .get, "/healthz", .anyone(because: "a supervisor has no session"),
        Operation("isAlive", Text(zh: "进程存活", en: "The process is alive"), answer: status)
      ) { _ in alive },
      Route(
        .get, "/readyz", .anyone(because: "a load balancer has no session"),
        Operation("isReady", Text(zh: "可以接受请求", en: "Requests can be taken"), answer: status)
      ) { _ in
        guard !services.health.isDraining else { throw Problem.overloaded }
        _ = try await services.lanes.first(SchemaStore.last, in: .platform)
        return ready
      },
      Route(
        .get, "/metrics", .anyone(because: "a scraper has no session; the numbers are of the process, not of any office"),
        Operation("getMetrics", Text(zh: "Prometheus 指标", en: "Prometheus metrics"))
      ) { _ in
        Response(
          .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
          body: .octets(Array(await services.health.metrics().utf8)))
      },
      Route(
        .get, "/v1/openapi.json", .anyone(because: "the document of the API is no secret"),
        Operation(
          "getOpenAPI", Text(zh: "本接口的 OpenAPI 3.1 文档", en: "The OpenAPI 3.1 document of this API"), answer: { _ in ["type": "object"] })
      ) { _ in
        Response.json(document())
      },
    ]
  }

  private static let status: Operation.Schematic = { _ in
    ["type": "object", "required": ["status"], "properties": ["status": ["type": "string"]]]
  }
}
