// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// An office described by its files, sent in one body instead of lying in a directory: what applying them would change, and applying them.
enum ApplyRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      route(
        "plan", "planTenant", Text(zh: "对照现状，列出应用这些文件会改什么；不作改动", en: "What applying these files would change; changes nothing"), services
      ) { apply, call in try await apply.plan(at: call.now) },
      route(
        "apply", "applyTenant",
        Text(zh: "应用单位文件：一次事务，全有或全无；重复应用无改动", en: "Apply an office's files: all or nothing; again, nothing changes"),
        services
      ) { apply, call in
        try await apply.apply(by: TenantApply.Author(user: call.principal.user, request: "\(call.request.id)"), at: call.now) { plan in
          try Deed.keeping(answer(plan), for: call).map { [$0] } ?? []
        }
      },
    ]
  }

  /// The files by their path within the directory (`docs/vocabulary.md`, "The directory of an office").
  private static let files: Shape<OrderedMap<JSON>> = .object(
    "tenantFiles", about: Text(zh: "描述一个单位的全部文件，按其在目录中的路径。", en: "All files that describe an office, by their path in its directory."),
    Field("files", .map(keys: .string(minLength: 1, maxLength: 200), of: .any, max: 500))
  ) { $0 }

  private static func route(
    _ verb: String, _ operation: String, _ summary: Text, _ services: Services,
    _ perform: @escaping @Sendable (TenantApply, Call) async throws -> TenantPlan
  ) -> Route {
    Route(
      .post, PathTemplate(stringLiteral: "/v1/platform/tenants/{tenant}/\(verb)"), .platform(.tenantApply), body: files,
      Operation(operation, summary, answer: Listing.named(["tenant", "new", "changes", "unchanged", "refusals", "lint"]), failures: [409])
    ) { call, files in
      let code = try call.variable(0)
      // What was applied is answered as it was then; a plan is made anew.
      if verb == "apply", let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let plan: TenantPlan
      do {
        let office = try TenantFiles.decode(Dictionary(files.entries.map { ($0.name, $0.value.bytes) }) { first, _ in first }).get()
        guard office.office.code == code else {
          throw FileFaults(list: [FileFault(file: "office.json", fault: Self.otherOffice(code))])
        }
        plan = try await perform(TenantApply(office, templates: services.templates(), heavy: services.lanes.heavy), call)
      } catch let error as PostgresError where error.violatesUnique(call.answers.constraint) {
        // The same request was answered meanwhile; or its key's time is over, and it is free again.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        _ = try await services.lanes.rows(AnswerStore.forgetExpired(at: call.now, in: .platform), in: .platform, .write)
        throw Problem.overloaded
      } catch let faults as FileFaults {
        throw Problem(Self.faults(faults))
      } catch let refusal as TenantApply.Refusal {
        throw Self.problem(refusal)
      }
      return answer(plan)
    }
  }

  private static func answer(_ plan: TenantPlan) -> Response {
    var writer = JSONWriter(capacity: 4096)
    writer.value(plan.json)
    return Response.json(writer.bytes)
  }

  private static func otherOffice(_ code: String) -> Fault {
    Fault(
      pointer: "/code", code: "not-applicable",
      detail: Text(zh: "文件描述的不是路径中的单位“\(code)”。", en: "The files do not describe the office “\(code)” that the path names."))
  }

  /// The faults of files as faults of the body that carried them.
  private static func faults(_ faults: FileFaults) -> Faults {
    Faults(faults.list.map { $0.fault.within(JSONPointer.appending($0.file, to: "/files")) })
  }

  private static func problem(_ refusal: TenantApply.Refusal) -> Problem {
    switch refusal {
    case .invalid(let found): Problem(faults(found))
    case .refused(let found):
      Problem(
        status: 409, code: "not-applied", title: Text(zh: "与现状冲突", en: "Conflict"),
        detail: Text(
          zh: "按现状不能应用这些文件，详见 errors；没有任何改动。", en: "The files cannot be applied as things stand, see errors; nothing was changed."),
        faults: faults(found).list)
    case .busy: .overloaded
    }
  }
}
