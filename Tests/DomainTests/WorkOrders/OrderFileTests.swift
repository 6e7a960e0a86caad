// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Files of work orders")
struct OrderFileTests {
  /// What is read of a file in pieces, a word a line: the number and the title, or the fault's code and pointer.
  private func read(
    _ text: String, _ format: OrderFile.Format = .csv, every length: Int = 7, _ change: (inout OrderFile.Options) -> Void = { _ in }
  )
    throws -> [String]
  {
    var options = OrderFile.Options(format: format)
    options.standard = ["source": "city", "grade": "7d"]
    change(&options)
    var file = OrderFile(options) { String(validating: $0, as: UTF8.self) }
    let octets = Array(text.utf8)
    var lines: [OrderFile.Line] = []
    for start in stride(from: 0, to: octets.count, by: length) {
      lines += try file.take(Array(octets[start..<min(octets.count, start + length)]))
    }
    lines += try file.finish()
    return lines.map { line in
      switch line.intake {
      case .success(let intake): "\(line.number) \(intake.facts.externalNumber) \(intake.facts.title)"
      case .failure(let faults): "\(line.number)! " + faults.list.map { "\($0.code) \($0.pointer)" }.joined(separator: ", ")
      }
    }
  }

  @Test("headings in either language are known, with and without a byte order mark, however the file is cut")
  func headings() throws {
    for length in 1...40 {
      #expect(try read("工单编号,标题,未知\r\n1,路灯不亮,x\r\n", every: length) == ["2 1 路灯不亮"])
      #expect(try read("\u{FEFF}externalNumber,title\n1,\"路灯,\n不亮\"\n\n2,井盖", every: length) == ["2 1 路灯,\n不亮", "5 2 井盖"])
    }
    let told = try read("单,题\n1,路灯") { $0.meaning = .usual(besides: ["单": .externalNumber, "题": .title]) }
    #expect(told == ["2 1 路灯"])
  }

  @Test("a bad line is told with its number, and those around it are read")
  func badLines() throws {
    #expect(
      try read("externalNumber,title,grade\n1,路灯,2小时\n2,,7d\n3\n4,井盖,24小时\n,井盖,7d\n\"5\"x,井盖,7d\n6,路,7d\n") == [
        "2 1 路灯", "3! missing-member /title", "4! wrong-field-count ", "5 4 井盖", "6! missing-member /externalNumber",
        "7! text-after-quote ",
        "8 6 路",
      ])
    #expect(
      try read(
        "{\"externalNumber\": \"1\", \"title\": \"a\"}\n\n{\"title\": \"b\"}\nnothing\n[1]\n{\"externalNumber\": \"2\", \"title\": \"c\"}",
        .ndjson) == [
          "1 1 a", "3! missing-member /externalNumber", "4! malformed-json ", "5! wrong-type ", "6 2 c",
        ])
  }

  @Test("a file without usable headings is refused as a whole")
  func unusable() {
    #expect(throws: Faults.self) { try read("") }
    #expect(throws: Faults.self) { try read("标题,内容\na,b\n") }
    #expect(throws: Faults.self) { try read("工单编号,编号\na,b\n") }
    #expect(throws: Faults.self) { try read("工单\"编号,编号\na,b\n") }
  }

  @Test("cells mean what exports mean by them")
  func cells() throws {
    var options = OrderFile.Options(format: .csv)
    options.meaning = .usual(besides: ["备注": .attribute("remark")])
    var file = OrderFile(options) { String(validating: $0, as: UTF8.self) }
    let text = """
      来源,编号,紧急程度,标题,标签,是否特殊,派单时间,截止时间,诉求人,联系电话,备注,其他
      12345,1,2小时,路灯,照明；安全,是,2026-11-01 10:00,2026/11/8,某某,12345,夜间,x
      网格巡查,2,15天,井盖,,否,2026-11-01T10:00:00+08:00,,,,,

      """
    let lines = try file.take(Array(text.utf8)) + file.finish()
    let first = try #require(lines.first).intake.get()
    #expect(first.facts.source == .city)
    #expect(first.facts.grade == "2h")
    #expect(first.facts.tags == ["照明", "安全"])
    #expect(first.facts.isSpecial)
    #expect(first.facts.reportedAt == Instant("2026-11-01T10:00:00+08:00"))
    #expect(first.facts.reportedDue == Instant("2026-11-08T00:00:00+08:00"))
    #expect(first.citizen.name == "某某" && first.citizen.phone == "12345")
    #expect(first.facts.attributes == ["remark": "夜间"])
    let second = try #require(lines.last).intake.get()
    #expect(second.facts.source == .grid && second.facts.grade == "15d" && second.facts.tags.isEmpty && second.citizen.isEmpty)
    #expect(second.facts.reportedAt == first.facts.reportedAt)
    #expect(file.headings.ignored == ["其他"])
  }
}
