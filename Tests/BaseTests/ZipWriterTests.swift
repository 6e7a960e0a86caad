// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Base

@Suite("ZIP archives")
struct ZipWriterTests {
  @Test("the checksum is CRC-32's, whatever the pieces")
  func checksum() {
    // The check value of the catalogue of CRC algorithms.
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of([]) == 0)
    let octets = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for cut in octets.indices {
      var sum = CRC32()
      octets[..<cut].withUnsafeBytes { sum.update($0) }
      octets[cut...].withUnsafeBytes { sum.update($0) }
      #expect(sum.value == CRC32.of(octets), "\(cut)")
    }
  }

  /// Contents that try every way a compressor can go: nothing, one octet, no repetition, only repetition, repetitions at every distance.
  private static func contents(_ random: inout SeededGenerator) -> [[UInt8]] {
    func noise(_ count: Int, of alphabet: Int) -> [UInt8] { (0..<count).map { _ in UInt8(Int.random(in: 0..<alphabet, using: &random)) } }
    var contents: [[UInt8]] = [
      [], [7], Array("abc".utf8), Array("abcd".utf8), Array(repeating: 0, count: 300_000), Array(repeating: 0xFF, count: 258 * 3 + 4),
      noise(200_000, of: 256), noise(200_000, of: 2), (0..<70_000).map { UInt8(truncatingIfNeeded: $0 / 256) },
      Array(String(repeating: "<c r=\"A1\" s=\"3\"><v>12.5</v></c>诉求", count: 9000).utf8),
    ]
    // The same block again after gaps around the greatest distance.
    for gap in [32_764, 32_767, 32_768, 32_769, 65_536] {
      let block = noise(400, of: 256)
      contents.append(block + noise(gap - block.count, of: 256) + block)
    }
    for _ in 0..<20 {
      var octets: [UInt8] = []
      while octets.count < 150_000 {
        if octets.isEmpty || Bool.random(using: &random) {
          octets += noise(Int.random(in: 1...600, using: &random), of: 256)
        } else {
          let start = Int.random(in: max(0, octets.count - 40_000)..<octets.count, using: &random)
          let length = Int.random(in: 1...700, using: &random)
          for place in start..<start + length { octets.append(octets[place]) }
        }
      }
      contents.append(octets)
    }
    return contents
  }

  @Test("another implementation finds every content as it was given, in whatever pieces")
  func roundTrip() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let contents = Self.contents(&random)
    let moment = try #require(Instant("2026-03-08T17:45:31+08:00"))
    var writer = ZipWriter(at: moment)
    var archive: [UInt8] = []
    for (number, content) in contents.enumerated() {
      if number.isMultiple(of: 2) {
        try writer.add("whole/工单\(number)", content)
      } else {
        try writer.begin("pieces/\(number)")
        var place = 0
        while place < content.count {
          let end = min(content.count, place + Int.random(in: 1...90_000, using: &random))
          content[place..<end].withUnsafeBytes { writer.append($0) }
          place = end
          archive += writer.take()
        }
        try writer.end()
      }
    }
    try writer.finish()
    archive += writer.take()
    let hex = archive.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let answer = try Oracle.ask("zip_archive", ["archive": .string(hex)])
    #expect(answer["broken"] == .null, "seed \(seed)")
    let entries = try #require(answer["entries"]?.array)
    try #require(entries.count == contents.count)
    for (number, entry) in entries.enumerated() {
      let content = contents[number].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(entry["content"]?.string == content, "content \(number), seed \(seed)")
      #expect(entry["name"]?.string == (number.isMultiple(of: 2) ? "whole/工单\(number)" : "pieces/\(number)"))
      #expect(entry["time"] == [2026, 3, 8, 17, 45, 30])
    }
    // What repeats itself gets small.
    #expect(entries[9]["packed"]?.integer ?? .max < Int64(contents[9].count / 20), "\(entries[9]["packed"] ?? .null)")
  }
}
