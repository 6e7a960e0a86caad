// SPDX-License-Identifier: Apache-2.0

/// Cuts the octets of a file of comma-separated values into records, however they arrive (RFC 4180).
///
/// It keeps one record and does no I/O. Lines may end in CR LF or LF; a quoted field may hold either, and commas, and quotes written
/// twice. Empty lines are passed over. A record that cannot be read is told as such and the next line is read as usual: only a quote that is never
/// closed costs more than its own record, and a record's bounds keep that short.
package struct CSVReader: Sendable {
  /// How large a record may be.
  package struct Limits: Sendable {
    /// The octets of one field, quotes taken off.
    package var field = 65536
    /// The number of fields.
    package var fields = 256
    /// The octets of all fields together.
    package var record = 262_144

    package init() {}
  }

  /// What is wrong with a record.
  package enum Fault: String, Sendable, Equatable, CaseIterable {
    /// A quote stands inside a field that did not begin with one.
    case strayQuote = "stray-quote"
    /// Something other than a comma or the line's end stands behind a closing quote.
    case textAfterQuote = "text-after-quote"
    /// The file ends within quotes.
    case openQuote = "open-quote"
    case fieldTooLong = "field-too-long"
    case tooManyFields = "too-many-fields"
    case recordTooLong = "record-too-long"
  }

  /// One record.
  package struct Record: Sendable, Equatable {
    /// The line on which it begins, from 1.
    package let line: Int
    /// The fields' octets, or what is wrong.
    package let fields: Result<[[UInt8]], Failure>

    package init(line: Int, fields: Result<[[UInt8]], Failure>) {
      self.line = line
      self.fields = fields
    }

    package static func == (one: Record, other: Record) -> Bool {
      guard one.line == other.line else { return false }
      return switch (one.fields, other.fields) {
      case (.success(let one), .success(let other)): one == other
      case (.failure(let one), .failure(let other)): one == other
      default: false
      }
    }
  }

  /// A fault as an error.
  package struct Failure: Error, Equatable {
    package let fault: Fault
  }

  private enum State: Sendable {
    /// At the beginning of a field.
    case start
    case plain
    case quoted
    /// Behind a quote within quotes: it closes the field, or the next is its second half.
    case quote
    /// Behind a fault, up to the line's end.
    case skipping
  }

  private let limits: Limits
  private var state = State.start
  private var line = 1
  private var startLine = 1
  private var fields: [[UInt8]] = []
  private var field: [UInt8] = []
  private var size = 0
  /// Whether the last octet of a plain field, or behind a quote, was a CR that may belong to the line's end.
  private var hasReturn = false
  private var fault: Fault?

  package init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Reads on, up to the end of a record or of the input.
  ///
  /// - Parameters:
  ///   - input: what comes next of the file.
  ///   - position: where to begin in it; moved behind what was read.
  /// - Returns: nil when the input is used up.
  package mutating func next(_ input: Swift.Span<UInt8>, _ position: inout Int) -> Record? {
    while position < input.count {
      let octet = input[position]
      position += 1
      if octet == UInt8(ascii: "\n"), state != .quoted {
        let record = endLine()
        line += 1
        startLine = line
        if let record { return record }
        continue
      }
      if octet == UInt8(ascii: "\n") { line += 1 }
      take(octet)
      if state == .plain || state == .quoted { takeRun(input, &position) }
    }
    return nil
  }

  /// Takes the file's end.
  ///
  /// - Returns: the last record where it does not end in a line's end.
  package mutating func finish() -> Record? {
    if state == .quoted { fault = .openQuote }
    return endLine()
  }

  // MARK: Octets

  /// Takes the octets that mean nothing but themselves together.
  private mutating func takeRun(_ input: Swift.Span<UInt8>, _ position: inout Int) {
    guard !hasReturn else { return }
    let start = position
    if state == .quoted {
      while position < input.count, input[position] != UInt8(ascii: "\""), input[position] != UInt8(ascii: "\n") { position += 1 }
    } else {
      while position < input.count, !Self.isSpecial(input[position]) { position += 1 }
    }
    guard position > start else { return }
    input.extracting(start..<position).withUnsafeBufferPointer { field.append(contentsOf: $0) }
    bound()
  }

  private static func isSpecial(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: ",") || octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\n") || octet == UInt8(ascii: "\r")
  }

  private mutating func take(_ octet: UInt8) {
    switch state {
    case .skipping: return
    case .quoted:
      if octet == UInt8(ascii: "\"") { state = .quote } else { append(octet) }
    case .quote:
      switch octet {
      case UInt8(ascii: "\"") where !hasReturn:
        append(octet)
        state = .quoted
      case UInt8(ascii: ",") where !hasReturn: endField()
      case UInt8(ascii: "\r") where !hasReturn: hasReturn = true
      default: fail(.textAfterQuote)
      }
    case .start, .plain:
      if hasReturn {
        // It was not the line's end.
        hasReturn = false
        append(UInt8(ascii: "\r"))
        if state == .start { state = .plain }
        guard state != .skipping else { return }
      }
      switch octet {
      case UInt8(ascii: ","): endField()
      case UInt8(ascii: "\r"): hasReturn = true
      case UInt8(ascii: "\""):
        if state == .start { state = .quoted } else { fail(.strayQuote) }
      default:
        state = .plain
        append(octet)
      }
    }
  }

  private mutating func append(_ octet: UInt8) {
    field.append(octet)
    bound()
  }

  private mutating func bound() {
    // Which of the two it meets first depends on the file alone, not on how many octets come at once.
    let room = limits.record - size
    if field.count > min(limits.field, room) { fail(room < limits.field ? .recordTooLong : .fieldTooLong) }
  }

  private mutating func endField() {
    size += field.count
    fields.append(field)
    field = []
    state = .start
    if fields.count >= limits.fields { fail(.tooManyFields) }
  }

  private mutating func fail(_ fault: Fault) {
    self.fault = fault
    state = .skipping
    fields = []
    field = []
    hasReturn = false
  }

  private mutating func endLine() -> Record? {
    defer {
      state = .start
      fields = []
      field = []
      size = 0
      hasReturn = false
      fault = nil
    }
    if let fault { return Record(line: startLine, fields: .failure(Failure(fault: fault))) }
    if state == .start, fields.isEmpty, field.isEmpty { return nil }
    return Record(line: startLine, fields: .success(fields + [field]))
  }
}
