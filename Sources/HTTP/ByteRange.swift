// SPDX-License-Identifier: Apache-2.0

/// What a request asks of a content whose length is known (RFC 9110 §14).
package enum ByteRange: Sendable, Equatable {
  case whole
  /// These octets, at least one.
  case part(Range<Int>)
  /// None of what is asked for exists.
  case unsatisfiable

  /// Reads a `Range` field.
  ///
  /// Anything but one range of bytes is passed over, as the RFC lets a server do: several ranges are for clients that nobody uses here,
  /// and answering them lets one small request ask for the content many times over.
  package init(_ field: ArraySlice<UInt8>?, length: Int) {
    self = field.flatMap { Self.read($0.span, length) } ?? .whole
  }

  private static func read(_ field: Span<UInt8>, _ length: Int) -> ByteRange? {
    guard field.count > 6, field.extracting(0..<6).holdsIgnoringCase("bytes=") else { return nil }
    guard let hyphen = field.firstIndex(of: UInt8(ascii: "-"), in: 6..<field.count) else { return nil }
    guard let first = number(field, 6..<hyphen), let last = number(field, hyphen + 1..<field.count) else { return nil }
    switch (first, last) {
    case (let first?, nil): return first < length ? .part(first..<length) : .unsatisfiable
    case (let first?, let last?):
      guard first <= last else { return nil }
      return first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
    case (nil, let suffix?): return suffix > 0 && length > 0 ? .part(max(0, length - suffix)..<length) : .unsatisfiable
    case (nil, nil): return nil
    }
  }

  /// A number, nil inside for none; nil for anything else. One beyond all contents counts as the greatest.
  private static func number(_ field: Span<UInt8>, _ range: Range<Int>) -> Int?? {
    guard !range.isEmpty else { return .some(nil) }
    var number = 0
    for index in range {
      guard field[index].isDigit else { return nil }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      number = overflow || tens > Int.max - 9 ? Int.max - 9 : tens + Int(field[index] - .zero)
      if number == Int.max - 9 { break }
    }
    for index in range where !field[index].isDigit { return nil }
    return .some(number)
  }
}
