// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials

/// Writes a spreadsheet of many rows, as a list of incidents is: twelve cells, texts in Chinese, amounts, days and moments.
struct SheetBenchmark {
  /// How long it took, how large it is, and the most memory that the process ever had.
  func run(rows count: Int) throws -> JSON {
    let moment = Instant(try Self.day(20_000))
    var octets = 0
    let (_, seconds) = try Benchmarks.timed {
      var writer = try WorkbookWriter(title: "违约事项", sheets: ["违约事项"], at: moment)
      try writer.beginSheet(.init(widths: [20, 16, 28, 14, 14, 7, 14, 8, 9, 12, 36, 28], frozen: 1, isLandscape: true))
      writer.row((1...12).map { SheetCell(.text("第\($0)列"), .header) })
      for number in 0..<count {
        writer.row(try row(number, at: moment))
        // As it is sent: what is ready leaves.
        if writer.ready >= 32_768 { octets += writer.take().count }
      }
      try writer.endSheet()
      try writer.finish()
      octets += writer.take().count
    }
    return [
      "rows": .number("\(count)"), "seconds": .number("\(seconds)"), "octets": .number("\(octets)"),
      "megabytes": .number("\(try Self.greatestMegabytes())"),
    ]
  }

  private func row(_ number: Int, at moment: Instant) throws -> [SheetCell] {
    [
      SheetCell(.instant(try moment.adding(minutes: Int64(number)))), SheetCell(.text("service-2024")),
      SheetCell(.text(number.isMultiple(of: 2) ? "未及时签收、回复或派遣案件。" : "迟到或早退一次。")), SheetCell(.text("第十二条")),
      SheetCell(.text("seat-\(number % 40)")), SheetCell(.integer(Int64(number % 3))),
      SheetCell(.money(Fen(Int64(number) * 7919 % 5_000_000))),
      SheetCell(.decimal("\(number % 100).5")), SheetCell(.text("已确认")), SheetCell(.date(try Self.day(18_000 + number % 3000))),
      SheetCell(.text("第\(number)件：来电反映小区北门外便道路灯多日不亮，未在时限内签收。")), SheetCell(.empty),
    ]
  }

  private static func day(_ number: Int) throws -> CivilDate {
    guard let day = CivilDate(day: number) else { throw CocoaError(.fileReadCorruptFile) }
    return day
  }

  private static func greatestMegabytes() throws -> Double {
    let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return Double(line.filter(\.isNumber)).map { $0 / 1024 } ?? 0
  }
}
