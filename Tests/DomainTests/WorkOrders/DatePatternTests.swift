// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("How a source writes times")
struct DatePatternTests {
  @Test(
    "a cell is read as its pattern says, in Shanghai",
    arguments: [
      ("yyyy年M月d日 HH:mm", "2024年3月5日 09:05", "2024-03-05T09:05:00+08:00"),
      ("yyyy年M月d日 HH:mm", "2024年12月31日 23:59", "2024-12-31T23:59:00+08:00"), ("dd/MM/yyyy", "05/03/2024", "2024-03-05T00:00:00+08:00"),
      ("yyyyMMddHHmmss", "20240305090507", "2024-03-05T09:05:07+08:00"), ("M/d/yyyy H:m:s", "3/5/2024 9:5:7", "2024-03-05T09:05:07+08:00"),
    ])
  func read(_ pattern: String, _ cell: String, _ expected: String) throws {
    #expect(try #require(DatePattern(pattern)).instant(cell) == Instant(expected))
  }

  @Test(
    "what is written otherwise, or is no day, is not read",
    arguments: [
      ("dd/MM/yyyy", "5/3/2024"), ("dd/MM/yyyy", "03-05-2024"), ("dd/MM/yyyy", "31/02/2024"), ("dd/MM/yyyy", "05/03/2024 "),
      ("dd/MM/yyyy", "05/03/202"), ("yyyy-M-d HH:mm", "2024-3-5 24:01"), ("yyyy-M-d", ""), ("yyyy-M-d", "２０２４-3-5"),
    ])
  func unread(_ pattern: String, _ cell: String) throws { #expect(try #require(DatePattern(pattern)).instant(cell) == nil) }

  @Test(
    "a pattern names a whole day, each thing once, and numbers that end",
    arguments: [
      "", "yyyy-MM", "yy-MM-dd", "yyyy-MM-dd HH", "yyyy-MM-dd mm:ss", "yyyy-MM-dd yyyy", "yyyyMd", "yyyy-MMM-dd", "yyyy-MM-dd HH:mm:s s",
    ])
  func patterns(_ pattern: String) { #expect(DatePattern(pattern) == nil) }
}
