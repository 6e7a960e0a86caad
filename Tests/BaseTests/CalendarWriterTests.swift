// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Base

@Suite("iCalendar lines")
struct CalendarWriterTests {
  private func written(_ write: (inout CalendarWriter) -> Void) -> String {
    var writer = CalendarWriter()
    write(&writer)
    return String(decoding: writer.octets, as: UTF8.self)
  }

  @Test("texts are escaped, control characters left out, and a line break stays on its line")
  func escapes() {
    #expect(written { $0.text("SUMMARY", "a,b;c\\d\ne\rf\u{7}\u{85}g\th") } == "SUMMARY:a\\,b\\;c\\\\d\\nefg\th\r\n")
    #expect(written { $0.texts("CATEGORIES", ["a,b", "c"]) } == "CATEGORIES:a\\,b,c\r\n")
  }

  @Test("a line of 75 octets stands as it is, one of 76 is folded, never within a character", arguments: 0...12)
  func folds(_ lead: Int) {
    for text in [String(repeating: "x", count: 66 + lead), String(repeating: "x", count: lead) + String(repeating: "诉😀é", count: 40)] {
      let lines = written { $0.text("SUMMARY", text) }.split(separator: "\r\n", omittingEmptySubsequences: false)
      #expect(lines.last == "" && lines.allSatisfy { $0.utf8.count <= 75 })
      #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasPrefix(" ") })
      #expect(lines.dropLast().count == 1 || lines[0].utf8.count > 71)
      let unfolded = lines.dropLast().enumerated().map { $0.offset == 0 ? $0.element : $0.element.dropFirst() }.joined()
      #expect(unfolded == "SUMMARY:" + text)
    }
    #expect(written { $0.text("SUMMARY", String(repeating: "x", count: 67)) }.count(where: { $0 == "\r\n" }) == 1)
    #expect(written { $0.text("SUMMARY", String(repeating: "x", count: 68)) }.count(where: { $0 == "\r\n" }) == 2)
  }

  @Test("days are days, moments are told in UTC, and reminders come at nine o'clock")
  func times() throws {
    let day = try #require(CivilDate("2024-02-29"))
    #expect(written { $0.date("DTSTART", day) } == "DTSTART;VALUE=DATE:20240229\r\n")
    let moment = try #require(Instant("2024-03-01T07:59:58.75+08:00"))
    #expect(written { $0.instant("DTSTAMP", moment) } == "DTSTAMP:20240229T235958Z\r\n")
    #expect(written { $0.nineOClock("TRIGGER", daysBefore: 0) } == "TRIGGER:PT9H\r\n")
    #expect(written { $0.nineOClock("TRIGGER", daysBefore: 1) } == "TRIGGER:-PT15H\r\n")
    #expect(written { $0.nineOClock("TRIGGER", daysBefore: 3) } == "TRIGGER:-P2DT15H\r\n")
    #expect(written { $0.component("VALARM") { $0.property("ACTION", "DISPLAY") } } == "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n")
  }
}
