// SPDX-License-Identifier: Apache-2.0

/// Bytes in network order, in memory that is kept from one statement to the next.
struct ByteBuffer: ~Copyable {
  private(set) var start = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 8)
  private var capacity = 1024
  private(set) var count = 0

  deinit {
    start.deallocate()
  }

  mutating func clear() {
    // One large statement must not keep its memory for ever.
    if capacity > 1 << 20 {
      start.deallocate()
      capacity = 1024
      start = .allocate(byteCount: capacity, alignment: 8)
    }
    count = 0
  }

  private mutating func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    let larger = max(capacity * 2, count + more)
    let copy = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
    copy.copyMemory(from: start, byteCount: count)
    start.deallocate()
    start = copy
    capacity = larger
  }

  mutating func append(_ number: some FixedWidthInteger) {
    let size = number.bitWidth / 8
    reserve(size)
    start.storeBytes(of: number.bigEndian, toByteOffset: count, as: type(of: number))
    count += size
  }

  mutating func append(_ value: Bool) {
    append(value ? 1 : 0 as UInt8)
  }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    reserve(bytes.count)
    start.advanced(by: count).copyMemory(from: base, byteCount: bytes.count)
    count += bytes.count
  }

  /// Appends a one-dimensional array.
  mutating func append<Element>(_ values: [Element?], of type: TypeID, _ write: (inout ByteBuffer, Element) -> Void) {
    append(Int32(values.isEmpty ? 0 : 1))
    append(Int32(values.contains { $0 == nil } ? 1 : 0))
    append(type.rawValue)
    guard !values.isEmpty else { return }
    append(Int32(values.count))
    append(1 as Int32)
    for value in values {
      let place = count
      append(-1 as Int32)
      guard let value else { continue }
      write(&self, value)
      start.storeBytes(of: Int32(count - place - 4).bigEndian, toByteOffset: place, as: Int32.self)
    }
  }
}

/// A statement's values laid out as libpq takes them, in memory that is kept from one statement to the next.
struct Parameters: ~Copyable {
  private var bytes = ByteBuffer()
  private var offsets: [Int] = []
  private(set) var types: [UInt32] = []
  private(set) var lengths: [Int32] = []
  private(set) var formats: [Int32] = []
  private(set) var values: [UnsafePointer<CChar>?] = []

  var count: Int { types.count }

  mutating func set(_ binds: [Bind]) {
    bytes.clear()
    offsets.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    for bind in binds {
      let place = bytes.count
      bind.write(to: &bytes)
      types.append(bind.type.rawValue)
      lengths.append(Int32(bytes.count - place))
      if case .null = bind { offsets.append(-1) } else { offsets.append(place) }
      if case .numeric = bind {
        // Text is read up to its NUL.
        bytes.append(0 as UInt8)
        formats.append(0)
      } else {
        formats.append(1)
      }
    }
    let start = UnsafeRawPointer(bytes.start).assumingMemoryBound(to: CChar.self)
    for offset in offsets { values.append(offset < 0 ? nil : start + offset) }
  }
}
