// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("Files of comma-separated values and of lines")
struct CSVReaderTests {
  /// What is read of a text that comes in pieces, a record a word.
  static func read(_ octets: [UInt8], every length: Int, limits: CSVReader.Limits = .init()) -> [String] {
    var reader = CSVReader(limits: limits)
    var records: [String] = []
    var start = 0
    while start < octets.count {
      let piece = Array(octets[start..<min(octets.count, start + length)])
      var position = 0
      while let record = reader.next(piece.span, &position) { records.append(say(record)) }
      start += length
    }
    if let record = reader.finish() { records.append(say(record)) }
    return records
  }

  private static func say(_ record: CSVReader.Record) -> String {
    switch record.fields {
    case .success(let fields): "\(record.line): " + fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
    case .failure(let failure): "\(record.line)! \(failure.fault.rawValue)"
    }
  }

  private func expect(_ text: String, _ records: [String], limits: CSVReader.Limits = .init()) {
    let octets = Array(text.utf8)
    for length in 1...max(1, octets.count) {
      #expect(Self.read(octets, every: length, limits: limits) == records, "in pieces of \(length)")
    }
  }

  @Test("fields are told apart by commas, records by either line end, and the last needs none")
  func plain() {
    expect("a,b,c\r\nd,,f\n,\r\ng", ["1: a|b|c", "2: d||f", "3: |", "4: g"])
    expect("编号,内容\n1,路灯不亮\n", ["1: 编号|内容", "2: 1|路灯不亮"])
    expect("", [])
    expect("\n\r\n\na\n\n", ["4: a"])
    expect("a \"b\r\rc,\r", ["1! stray-quote"])
    expect("a\rb,c\r", ["1: a\rb|c"])
  }

  @Test("a quoted field may hold commas, line ends and quotes")
  func quoted() {
    expect("\"a,b\",\"c\"\"d\",\"\"\r\nx", ["1: a,b|c\"d|", "2: x"])
    expect("\"line 1\r\nline 2\nline 3\",b\nc\n", ["1: line 1\r\nline 2\nline 3|b", "4: c"])
    expect("\"\"\n\"\"\"\"\n", ["1: ", "2: \""])
  }

  @Test("what cannot be read costs its own record only")
  func faults() {
    expect("a\"b,c\nd\n", ["1! stray-quote", "2: d"])
    expect("\"a\"b,c\nd\n", ["1! text-after-quote", "2: d"])
    expect("\"a\"\rb\nd\n", ["1! text-after-quote", "2: d"])
    expect("a\n\"b\nc", ["1: a", "2! open-quote"])
  }

  @Test("a record has bounds")
  func bounds() {
    var limits = CSVReader.Limits()
    limits.field = 3
    limits.fields = 2
    limits.record = 5
    expect(
      "abc,de\nabcd,e\nabc,def\na,b,c\nx,y\n", ["1: abc|de", "2! field-too-long", "3! record-too-long", "4! too-many-fields", "5: x|y"],
      limits: limits)
    expect("\"abcd\nef\",x\ny\n", ["1! field-too-long", "2! stray-quote", "3: y"], limits: limits)
  }

  @Test("mutated files mean the same however they are cut")
  func mutations() {
    let seed: UInt64 = 20_261_130
    print("mutations of CSV: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let letters = Array("ab,,\"\"\"\n\n\r\r中".utf8)
    var limits = CSVReader.Limits()
    limits.field = 12
    limits.fields = 4
    limits.record = 20
    for _ in 0..<20_000 {
      let octets = (0..<Int.random(in: 0...40, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? 0 }
      let whole = Self.read(octets, every: 100, limits: limits)
      #expect(Self.read(octets, every: 1, limits: limits) == whole, "\(octets)")
      #expect(Self.read(octets, every: Int.random(in: 1...9, using: &generator), limits: limits) == whole, "\(octets)")
    }
  }

  @Test("what is written with quotes is read as it was")
  func roundTrip() {
    var generator = SeededGenerator(seed: 20_261_131)
    let letters = Array("ab,\"\n\r 1".utf8)
    for _ in 0..<2000 {
      let records = (0..<3).map { _ in
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          (0..<Int.random(in: 0...6, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? 0 }
        }
      }
      var octets: [UInt8] = []
      for record in records {
        for (index, field) in record.enumerated() {
          if index > 0 { octets.append(UInt8(ascii: ",")) }
          octets.append(UInt8(ascii: "\""))
          for octet in field { octets += octet == UInt8(ascii: "\"") ? [octet, octet] : [octet] }
          octets.append(UInt8(ascii: "\""))
        }
        octets += [13, 10]
      }
      var reader = CSVReader()
      var position = 0
      var read: [[[UInt8]]] = []
      while let record = reader.next(octets.span, &position) { read.append((try? record.fields.get()) ?? []) }
      #expect(reader.finish() == nil)
      #expect(read == records)
    }
  }

  @Test("lines are told with their numbers, and of one that is too long only that")
  func lines() {
    func read(_ text: String, every length: Int) -> [String] {
      var reader = LineReader(limit: 4)
      var lines: [String] = []
      let octets = Array(text.utf8)
      for start in stride(from: 0, to: octets.count, by: length) {
        let piece = Array(octets[start..<min(octets.count, start + length)])
        var position = 0
        while let line = reader.next(piece.span, &position) { lines.append(say(line)) }
      }
      if let line = reader.finish() { lines.append(say(line)) }
      return lines
    }
    func say(_ line: LineReader.Line) -> String { "\(line.number):" + (line.octets.map { String(decoding: $0, as: UTF8.self) } ?? "!") }
    for length in 1...30 {
      #expect(read("ab\r\n\nabcd\r\nabcde\nabcdefghijk\r\nx", every: length) == ["1:ab", "2:", "3:abcd", "4:!", "5:!", "6:x"])
      #expect(read("abcd\r", every: length) == ["1:abcd"])
      #expect(read("", every: length) == [])
    }
  }
}
