// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Ranges of a content")
struct ByteRangeTests {
  @Test(
    "one range of bytes is taken as far as there are any",
    arguments: [
      ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-9", .part(0..<10)), ("bytes=3-", .part(3..<10)), ("bytes=9-", .part(9..<10)),
      ("BYTES=2-4", .part(2..<5)), ("bytes=2-99999999999999999999999", .part(2..<10)), ("bytes=-3", .part(7..<10)),
      ("bytes=-99", .part(0..<10)),
      ("bytes=10-", .unsatisfiable), ("bytes=99999999999999999999999-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
    ])
  func parts(_ field: String, _ expected: ByteRange) {
    #expect(ByteRange([UInt8](field)[...], length: 10) == expected)
  }

  @Test(
    "what is no single range of bytes is passed over",
    arguments: [
      "", "bytes", "bytes=", "bytes=-", "bytes=4-3", "bytes=a-", "bytes=1-b", "bytes=1-2,4-5", "bytes= 1-2", "lines=1-2", "bytes=--1",
      "bytes=1-2x", "bytes=99999999999999999999999x-",
    ])
  func others(_ field: String) {
    #expect(ByteRange([UInt8](field)[...], length: 10) == .whole)
  }

  @Test("without a range, the whole is asked for; of nothing, no part can be had")
  func ends() {
    #expect(ByteRange(nil, length: 10) == .whole)
    #expect(ByteRange([UInt8]("bytes=0-")[...], length: 0) == .unsatisfiable)
    #expect(ByteRange([UInt8]("bytes=-1")[...], length: 0) == .unsatisfiable)
  }
}
