// SPDX-License-Identifier: Apache-2.0

/// Structured log lines, one JSON object each: `time`, `level`, `event`, then the fields.
///
/// A field's value is a number, an identifier or a word of ours, never free text from a request: personal data cannot get in by
/// what a caller wrote. Where the lines go is the part of whoever makes the log.
package struct Log: Sendable {
  package enum Level: String, Sendable, CaseIterable, Comparable {
    case debug, info, warning, error

    package static func < (a: Level, b: Level) -> Bool { a.order < b.order }
    private var order: Int {
      switch self {
      case .debug: 0
      case .info: 1
      case .warning: 2
      case .error: 3
      }
    }
  }

  /// A value of a field.
  package enum Value: Sendable {
    case integer(Int64)
    case word(StaticString)
    /// An identifier, a code or a path of the deployment's own files.
    case identifier(String)
  }

  package let minimum: Level
  private let clock: @Sendable () -> Instant
  private let sink: @Sendable ([UInt8]) -> Void

  /// - Parameters:
  ///   - minimum: lines below it are not made.
  ///   - clock: gives the time that a line carries.
  ///   - sink: takes a finished line with its line feed; called from any thread.
  package init(minimum: Level, clock: @escaping @Sendable () -> Instant, sink: @escaping @Sendable ([UInt8]) -> Void) {
    self.minimum = minimum
    self.clock = clock
    self.sink = sink
  }

  /// Whether a line of that level would be written, for callers whose fields cost something.
  package func writes(_ level: Level) -> Bool { level >= minimum }

  /// Writes one line.
  package func write(_ level: Level, _ event: StaticString, _ fields: KeyValuePairs<StaticString, Value> = [:]) {
    guard writes(level) else { return }
    var line = JSONWriter(capacity: 256)
    line.beginObject()
    line.key("time")
    line.instant(clock())
    line.key("level")
    line.string(level.rawValue)
    line.key("event")
    line.string("\(event)")
    for (key, value) in fields {
      line.key(key)
      switch value {
      case .integer(let number): line.integer(number)
      case .word(let word): line.string("\(word)")
      case .identifier(let text): line.string(text)
      }
    }
    line.endObject()
    sink(line.bytes + [UInt8(ascii: "\n")])
  }
}
