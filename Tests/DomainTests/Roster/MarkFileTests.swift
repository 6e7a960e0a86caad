// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Clock marks of a table")
struct MarkFileTests {
  private func lines(_ text: String) throws -> [MarkFile.Line] {
    var file = MarkFile([:]) { String(validating: $0, as: UTF8.self) }
    return try file.take(Array(text.utf8)) + file.finish()
  }

  @Test(
    "a time is read with all its digits and without, with seconds and without, with an offset and without; what is no time is told",
    arguments: [
      ("2020-05-02 08:07", "2020-05-02T08:07:00+08:00"), ("2020-05-02 08:07:09", "2020-05-02T08:07:09+08:00"),
      ("2020/05/02T08:07:09", "2020-05-02T08:07:09+08:00"), ("2020.05.02 08:07", "2020-05-02T08:07:00+08:00"),
      ("2020-5-2 8:07", "2020-05-02T08:07:00+08:00"), ("2020/5/2", "2020-05-02T00:00:00+08:00"),
      ("2020-05-02T00:07:09Z", "2020-05-02T08:07:09+08:00"), ("2020-05-02T08:07:09.5+08:00", "2020-05-02T08:07:09.500000+08:00"),
      ("2020-02-30 08:07", nil), ("2020-05-02 24:00", nil), ("2020-05-02 08:60", nil), ("2020-05-02 08:07:60", nil),
      ("2020-05-02 0x:07", nil),
      ("昨天", nil),
    ])
  func times(cell: String, instant: String?) throws {
    let read = try #require(try lines("工号,时间,方向\nseat-1,\(cell),进\n").first)
    switch read.mark {
    case .success(let mark): #expect("\(mark.mark.at)" == instant)
    case .failure(let faults): #expect(instant == nil && faults.list.map(\.code) == ["not-a-time"])
    }
  }

  @Test("every fault of a row is told, in the order of the members")
  func faults() throws {
    let (long, short) = (String(repeating: "门", count: 61), String(repeating: "门", count: 60))
    let read = try lines("工号,时间,方向,设备,编号\n,,,\(long),1\n,昨天,开会,,\nseat-1,2020-05-02 08:07,出,\(short),7\n")
    let told = read.map { line -> [String] in
      guard case .failure(let faults) = line.mark else { return [] }
      return faults.list.map { "\($0.pointer) \($0.code)" }
    }
    #expect(
      told == [
        ["/person missing-member", "/at missing-member", "/direction missing-member", "/device too-long"],
        ["/person missing-member", "/at not-a-time", "/direction not-in-list"], [],
      ])
    let mark = try #require(try read.last?.mark.get())
    #expect(mark.device == short && mark.externalNumber == "7" && mark.mark.direction == .leaving && mark.source == .import)
  }

  @Test(
    "white space around a cell is none of it, whatever stands at its ends",
    arguments: ["进", " 进", "进\u{3000}", "\u{3000}进 ", "\u{A0}in", "in\u{2003}"])
  func trimmed(cell: String) throws {
    let read = try lines("工号,时间,方向,设备\n seat-1\u{3000},2020-05-02 08:07\u{A0},\(cell),\u{3000}北 门\n")
    let mark = try #require(try read.first?.mark.get())
    #expect(mark.person == "seat-1" && mark.mark.direction == .entering && mark.device == "北 门")
  }
}
