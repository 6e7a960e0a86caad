// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Files of clock marks from a door or a telephone system 考勤导入.
enum AttendanceImportRoutes {
  static func all(_ services: Services) -> [Route] {
    [receive(services)]
      + OrderBatchRoutes.accounts(
        of: .marks, at: "/v1/tenants/{tenant}/attendance/imports", .tenant(.attendanceWrite), "AttendanceImport",
        Text(zh: "打卡文件", en: "Files of clock marks"), services)
  }

  private static func receive(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/attendance/imports", .tenant(.attendanceWrite), streaming: FileAccount.greatest, of: ["text/csv"],
      Operation(
        "importAttendance",
        Text(
          zh: "导入门禁或手机打卡文件（CSV，首行为表头）；坏行逐行报告，好行照收；同一文件再导入不重复",
          en: "Take in a door's or a telephone system's file, CSV with headings; bad lines are told and the others are in, once"),
        query: OrderBatchRoutes.fileParameters + [
          .init("map", Text(zh: "表头含义：表头:成员,…", en: "What headings mean: heading:member,…"))
        ],
        answer: Listing.named(OrderBatchRoutes.members + ["faults"]), failures: [413, 415, 422])
    ) { call in
      let query = call.request.target.query
      let (format, encoding) = try OrderBatchRoutes.read(call.request)
      guard format == .csv else { throw Problem.notTable }
      let intake = MarkBatchIntake(
        call: call, services: services, isDry: try OrderBatchRoutes.truth(query["dryRun"]), headings: try headings(query["map"]),
        encoding: encoding ?? .automatic)
      return try await OrderBatchRoutes.answer(intake.perform(), of: .marks, call, services)
    }
  }

  private static func headings(_ text: String?) throws -> [String: MarkColumn] {
    var headings: [String: MarkColumn] = [:]
    for pair in (text ?? "").split(separator: ",") {
      let parts = pair.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, let column = MarkColumn(rawValue: parts[1]) else {
        let members = MarkColumn.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem.badQuery(
          "map",
          Text(zh: "map 须为“表头:成员”，以逗号分隔；成员为 \(members)。", en: "map is heading:member, apart by commas; a member is one of \(members)."))
      }
      headings[parts[0]] = column
    }
    return headings
  }
}
