// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A table's two routes below one path: `sheet`, the spreadsheet, and `page`, the page to print.
enum TableRoutes {
  /// - Parameters:
  ///   - path: what the table is of.
  ///   - noun: what the operations are called by: `Incidents` gives `getIncidentsSheet` and `getIncidentsPage`.
  ///   - make: makes the table for a call, in the language that it wants.
  static func pair(
    _ path: String, _ access: Access, _ noun: String, _ summary: Text, query: [Operation.Parameter] = [], failures: [Int] = [],
    make: @escaping @Sendable (Call, Language) async throws -> Table
  ) -> [Route] {
    [sheet(path, access, noun, summary, query: query, failures: failures, make: make)] + [
      Route(
        .get, PathTemplate(stringLiteral: "\(path)/page"), access,
        Operation(
          "get\(noun)Page", Text(zh: "可打印的\(summary.zh)（A4，text/html）", en: "To print (A4, text/html): \(summary.en)"),
          query: query + [PageAnswer.language], answer: { _ in ["type": "string"] }, answerType: "text/html", failures: failures)
      ) { call in
        try await TablePage(table: make(call, PageAnswer.language(of: call)), now: call.now).response()
      }
    ]
  }

  /// The spreadsheet's alone.
  static func sheet(
    _ path: String, _ access: Access, _ noun: String, _ summary: Text, query: [Operation.Parameter] = [], failures: [Int] = [],
    make: @escaping @Sendable (Call, Language) async throws -> Table
  ) -> Route {
    Route(
      .get, PathTemplate(stringLiteral: "\(path)/sheet"), access,
      Operation(
        "get\(noun)Sheet", Text(zh: "\(summary.zh)的电子表格（XLSX）", en: "As a spreadsheet (XLSX): \(summary.en)"),
        query: query + [PageAnswer.language], answer: { _ in ["type": "string", "format": "binary"] },
        answerType: WorkbookWriter.mediaType, failures: failures)
    ) { call in
      try await TableSheet(table: make(call, PageAnswer.language(of: call)), now: call.now).response()
    }
  }
}
