// SPDX-License-Identifier: Apache-2.0

/// Writes a ZIP archive from its first octet to its last, without going back: what is large is compressed as it comes.
///
/// Entries have names in UTF-8 and one time; there is no ZIP64, so an archive ends below four gibibytes.
package struct ZipWriter: Sendable {
  /// An archive that would be larger than its format can say.
  package struct TooLarge: Error, Sendable, Equatable {}

  private struct Entry: Sendable {
    let name: [UInt8]
    let flags: UInt16
    let offset: UInt32
    var checksum: UInt32 = 0
    var compressed: UInt32 = 0
    var size: UInt32 = 0
  }

  /// An entry whose content is still to come.
  private struct Open: Sendable {
    var entry: Entry
    var deflater = Deflater()
    var checksum = CRC32()
    var size = 0
    let start: Int
  }

  /// What was written and not taken yet.
  package private(set) var octets: [UInt8] = []
  /// How much was taken.
  private var taken = 0
  private var entries: [Entry] = []
  private var open: Open?
  private let time: UInt16
  private let date: UInt16

  /// Of what a reader must know: deflate, and names in UTF-8; that sizes stand behind the content.
  private static let version: UInt16 = 20
  private static let utf8: UInt16 = 1 << 11
  private static let sizesBehind: UInt16 = 1 << 3
  private static let deflated: UInt16 = 8

  /// - Parameter moment: when the entries were made, told to two seconds.
  package init(at moment: Instant) {
    let (day, clock) = (moment.date.components, moment.time)
    // The format counts years from 1980 to 2107.
    date = UInt16(min(max(day.year - 1980, 0), 127) << 9 | day.month << 5 | day.day)
    time = UInt16(clock.hour << 11 | clock.minute << 5 | clock.second / 2)
  }

  /// Gives what was written so far and forgets it.
  package mutating func take() -> [UInt8] {
    taken += octets.count
    defer { octets = [] }
    return octets
  }

  /// An entry whose content is there.
  package mutating func add(_ name: String, _ content: [UInt8]) throws(TooLarge) {
    var compressed: [UInt8] = []
    var deflater = Deflater()
    content.withUnsafeBytes { deflater.compress($0, to: &compressed) }
    deflater.finish(&compressed)
    var entry = Entry(name: Array(name.utf8), flags: Self.utf8, offset: try Self.small(taken + octets.count))
    entry.checksum = CRC32.of(content)
    entry.compressed = try Self.small(compressed.count)
    entry.size = try Self.small(content.count)
    begin(entry)
    octets += compressed
    entries.append(entry)
  }

  /// Begins an entry whose content comes piece by piece.
  package mutating func begin(_ name: String) throws(TooLarge) {
    let entry = Entry(name: Array(name.utf8), flags: Self.utf8 | Self.sizesBehind, offset: try Self.small(taken + octets.count))
    begin(entry)
    open = Open(entry: entry, start: taken + octets.count)
  }

  /// Adds to the entry that was begun.
  package mutating func append(_ content: UnsafeRawBufferPointer) {
    open?.checksum.update(content)
    open?.size += content.count
    open?.deflater.compress(content, to: &octets)
  }

  /// Ends the entry that was begun.
  package mutating func end() throws(TooLarge) {
    guard var done = open else { return }
    done.deflater.finish(&octets)
    done.entry.checksum = done.checksum.value
    done.entry.compressed = try Self.small(taken + octets.count - done.start)
    done.entry.size = try Self.small(done.size)
    put(UInt32(0x0807_4B50))
    put(done.entry.checksum)
    put(done.entry.compressed)
    put(done.entry.size)
    entries.append(done.entry)
    open = nil
  }

  /// Writes the list of the entries, which ends the archive.
  package mutating func finish() throws(TooLarge) {
    let start = try Self.small(taken + octets.count)
    for entry in entries {
      put(UInt32(0x0201_4B50))
      // Made by a system whose files have MS-DOS attributes, so that none are needed.
      put(Self.version)
      putCommon(entry)
      put(UInt16(0))
      put(UInt16(0))
      put(UInt16(0))
      put(UInt32(0))
      put(entry.offset)
      octets += entry.name
    }
    let size = try Self.small(taken + octets.count) - start
    put(UInt32(0x0605_4B50))
    put(UInt16(0))
    put(UInt16(0))
    put(UInt16(clamping: entries.count))
    put(UInt16(clamping: entries.count))
    put(size)
    put(start)
    put(UInt16(0))
  }

  private mutating func begin(_ entry: Entry) {
    put(UInt32(0x0403_4B50))
    putCommon(entry)
    octets += entry.name
  }

  /// What the head of an entry and its line in the list have in common.
  private mutating func putCommon(_ entry: Entry) {
    put(Self.version)
    put(entry.flags)
    put(Self.deflated)
    put(time)
    put(date)
    put(entry.checksum)
    put(entry.compressed)
    put(entry.size)
    put(UInt16(clamping: entry.name.count))
    put(UInt16(0))
  }

  private mutating func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { octets += $0 } }

  private static func small(_ number: Int) throws(TooLarge) -> UInt32 {
    guard let small = UInt32(exactly: number), small < .max else { throw TooLarge() }
    return small
  }
}
