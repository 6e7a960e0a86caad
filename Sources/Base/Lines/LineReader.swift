// SPDX-License-Identifier: Apache-2.0

/// Cuts the octets of a file into lines that end in LF or CR LF, however they arrive; of a line that is too long, only that is told.
package struct LineReader: Sendable {
  /// One line.
  package struct Line: Sendable, Equatable {
    /// Its number, from 1.
    package let number: Int
    /// Its octets without its end; nil where there are too many.
    package let octets: [UInt8]?

    package init(number: Int, octets: [UInt8]?) {
      self.number = number
      self.octets = octets
    }
  }

  private let limit: Int
  private var number = 1
  private var octets: [UInt8] = []
  private var isTooLong = false

  /// - Parameter limit: the most octets of a line, its end not counted.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Reads on, up to the end of a line or of the input.
  ///
  /// - Returns: nil when the input is used up.
  package mutating func next(_ input: Swift.Span<UInt8>, _ position: inout Int) -> Line? {
    let start = position
    while position < input.count, input[position] != UInt8(ascii: "\n") { position += 1 }
    if !isTooLong, octets.count + position - start <= limit + 1 {
      input.extracting(start..<position).withUnsafeBufferPointer { octets.append(contentsOf: $0) }
    } else {
      isTooLong = true
      octets = []
    }
    guard position < input.count else { return nil }
    position += 1
    return end()
  }

  /// Takes the file's end.
  ///
  /// - Returns: the last line where it has no end of its own.
  package mutating func finish() -> Line? { octets.isEmpty && !isTooLong ? nil : end() }

  private mutating func end() -> Line {
    defer {
      number += 1
      octets = []
      isTooLong = false
    }
    if octets.last == UInt8(ascii: "\r") { octets.removeLast() }
    return Line(number: number, octets: isTooLong || octets.count > limit ? nil : octets)
  }
}
