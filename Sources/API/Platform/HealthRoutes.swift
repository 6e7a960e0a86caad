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
        do {
          let found = try await services.lanes.first(SchemaStore.last, in: .platform) ?? 0
          guard found >= services.schema else { throw Problem.outdatedSchema(found: found, needed: services.schema) }
        } catch let error as PostgresError where error.state == .undefinedTable {
          throw Problem.outdatedSchema(found: 0, needed: services.schema)
        }
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

extension Problem {
  /// 503: the database lacks steps that this program counts on.
  fileprivate static func outdatedSchema(found: Int32, needed: Int32) -> Problem {
    Problem(
      status: 503, code: "schema-outdated", title: Text(zh: "数据库结构过旧", en: "Outdated schema"),
      detail: Text(
        zh: "数据库结构为第 \(found) 步，本程序需要第 \(needed) 步：请先执行 jiesu migrate。",
        en: "The schema is at migration \(found); this program needs \(needed). Run jiesu migrate."))
  }
}
