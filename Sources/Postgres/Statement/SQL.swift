// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// The text of a statement: a literal of the program, so that nothing a user sent can become part of it.
///
/// Literals can be put together by interpolating one into another; any other value is refused by the compiler and belongs into a ``Bind``. Keep a
/// composed text in a `static let`: putting it together takes a lock.
package struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// Where the text stands, ended by a NUL; two texts are the same when they stand at the same place.
  // Unsafe by type only: the bytes are a literal of the program or were made once, and are never changed or freed.
  nonisolated(unsafe) let start: UnsafePointer<UInt8>

  package init(stringLiteral value: StaticString) {
    start = value.utf8Start
  }

  package init(stringInterpolation: StringInterpolation) {
    self.init(interning: stringInterpolation.text)
  }

  /// The place of a statement's value, from 1 on: `$1`.
  package static func parameter(_ number: Int) -> SQL { SQL(interning: "$\(number)") }

  /// Takes a text that this module has put together from literals and typed numbers.
  init(interning text: String) {
    let address = SQL.interned.withLock { interned in
      if let address = interned[text] { return address }
      let utf8 = Array(text.utf8)
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: utf8.count + 1)
      copy.initialize(from: utf8, count: utf8.count)
      copy[utf8.count] = 0
      let address = UInt(bitPattern: copy)
      interned[text] = address
      return address
    }
    start = UnsafePointer(bitPattern: address)!
  }

  /// The address of each text that was put together.
  private static let interned = Guarded<[String: UInt]>([:])

  /// What libpq takes.
  var cString: UnsafePointer<CChar> { UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self) }

  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: StaticString) {
      text += literal.description
    }

    package mutating func appendInterpolation(_ sql: SQL) {
      text += sql.description
    }
  }
}

extension SQL: CustomStringConvertible {
  package var description: String { String(cString: start) }
}
