// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("Writing comma-separated values")
struct CSVWriterTests {
  @Test(
    "a field is quoted where it must be, and never a formula",
    arguments: [
      ("路灯", "路灯"), ("a,b", "\"a,b\""), ("说\"好\"", "\"说\"\"好\"\"\""), ("两\n行", "\"两\n行\""), ("=1+1", "\"'=1+1\""),
      ("-5", "\"'-5\""), ("@x", "\"'@x\""), ("", ""),
    ])
  func field(_ text: String, _ written: String) {
    var writer = CSVWriter(isContinued: true)
    writer.line(text, "b")
    #expect(String(decoding: writer.bytes, as: UTF8.self) == written + ",b\r\n")
  }

  @Test("what was written is read again, the mark at the beginning aside")
  func roundTrip() {
    let fields = ["工单", "a,b", "\"", "x\r\ny", ""]
    var writer = CSVWriter()
    for field in fields { writer.field(field) }
    writer.endLine()
    #expect(Array(writer.bytes.prefix(3)) == [0xEF, 0xBB, 0xBF])
    #expect(CSVReaderTests.read(Array(writer.bytes.dropFirst(3)), every: 5) == ["1: " + fields.joined(separator: "|")])
  }
}
