// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A table as a spreadsheet that is made while it is sent.
struct TableSheet: Sendable {
  /// How much is gathered before it is sent.
  private static let piece = 32_768
  /// How many rows a sheet may have of the table itself; what is more is told in its last row.
  private static let greatest = 1_000_000

  let table: Table
  let now: Instant

  /// The answer; what cannot be read from the start fails before it begins.
  func response() async throws -> Response {
    let first = try await table.batch(nil)
    var headers: Headers = [.cacheControl: "no-store", "X-Content-Type-Options": "nosniff"]
    if let type = HeaderValue(WorkbookWriter.mediaType) { headers.append(.contentType, type) }
    if let disposition = HeaderValue("attachment; filename=\"\(table.name).xlsx\"") { headers.append(.contentDisposition, disposition) }
    headers.append(.contentLanguage, table.language == .zh ? "zh-CN" : "en")
    headers.append(.vary, "Accept-Language")
    return Response(.ok, headers: headers, body: .stream(ResponseStream { try await write(from: first, to: $0) }))
  }

  private func write(from first: Table.Batch, to content: ContentWriter) async throws {
    var writer = try WorkbookWriter(title: table.title, sheets: [table.title], at: now)
    try begin(&writer)
    var batch = first
    var count = 0
    while true {
      for row in batch.rows.prefix(Self.greatest - count) {
        writer.row(row, height: row.first?.weight == .signature ? 42 : nil)
        if writer.ready >= Self.piece { try await content.write(writer.take()) }
      }
      count += batch.rows.count
      guard let next = batch.next else { break }
      guard count < Self.greatest else {
        writer.row([SheetCell(.text(more), .note, span: table.columns.count)])
        break
      }
      batch = try await table.batch(next)
    }
    try writer.endSheet()
    try writer.finish()
    try await content.write(writer.take())
  }

  /// The head: what it is, what is said of it, the columns' names.
  private func begin(_ writer: inout WorkbookWriter) throws(ZipWriter.TooLarge) {
    let width = table.columns.count
    try writer.beginSheet(
      WorkbookWriter.Layout(widths: table.columns.map(\.width), frozen: table.facts.count + 2, isLandscape: table.isLandscape))
    writer.row([SheetCell(.text(table.title), .title, span: width)], height: 28)
    // A name takes as many columns as it takes to be read.
    let names = table.columns.indices.first { table.columns[...$0].reduce(0) { $0 + $1.width } >= 14 }.map { $0 + 1 } ?? 1
    for fact in table.facts {
      writer.row([SheetCell(.text(fact.name), .label, span: names), SheetCell(fact.value, .note, span: max(width - names, 1))])
    }
    writer.row(table.columns.map { SheetCell(.text($0.title), .header) })
  }

  private var more: String {
    table.language == .zh ? "其后还有：请缩小范围后另行导出。" : "There are more: narrow what is asked for, and export again."
  }
}
