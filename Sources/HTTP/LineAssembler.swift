// SPDX-License-Identifier: Apache-2.0

/// Cuts the octets of a connection into lines that end in CR LF, however they arrive.
///
/// A line that lies whole in the input is not copied; only one that is cut by the input's end is kept until its rest comes.
struct LineAssembler: Sendable {
  enum Line {
    /// The line is this part of the input, its end taken off.
    case whole(Range<Int>)
    /// The line came in pieces.
    case joined([UInt8])
  }

  private var pieces: [UInt8] = []

  /// Whether no part of a line is kept.
  var isEmpty: Bool { pieces.isEmpty }

  /// Forgets what is kept.
  mutating func clear() { pieces = [] }

  /// Takes the next line.
  ///
  /// What is thrown depends on the octets alone, not on where the input was cut: a line counts as too long by its length before any
  /// other fault of it is looked for.
  ///
  /// - Parameters:
  ///   - position: where the line goes on in the input; moved behind what was taken.
  ///   - limit: the length a line may have without its end.
  ///   - refusal: what is thrown when it is longer.
  /// - Returns: nil when the line's end has not come; the input is then taken whole.
  /// - Throws: the given refusal, or `bareLineFeed`.
  mutating func next(
    _ input: Span<UInt8>, _ position: inout Int, limit: Int, orElse refusal: Refusal
  ) throws(Refusal) -> Line? {
    let start = position
    let end = input.firstIndex(of: .lineFeed, in: start..<input.count)
    let stop = end ?? input.count
    let count = pieces.count + stop - start
    let last = stop > start ? input[stop - 1] : pieces.last
    guard count <= limit || count == limit + 1 && last == .carriageReturn else { throw refusal }
    guard let end else {
      pieces.append(copying: input.extracting(start..<stop))
      position = stop
      return nil
    }
    guard last == .carriageReturn else { throw .bareLineFeed }
    position = end + 1
    guard !pieces.isEmpty else { return .whole(start..<end - 1) }
    pieces.append(copying: input.extracting(start..<end))
    pieces.removeLast()
    defer { pieces = [] }
    return .joined(pieces)
  }
}
