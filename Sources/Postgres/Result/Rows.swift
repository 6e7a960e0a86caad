// SPDX-License-Identifier: Apache-2.0
internal import CPostgres

/// What a statement gave, in libpq's own memory, freed with the last reference.
// Unchecked: a result is never changed after libpq has handed it over, and reading it changes nothing.
package final class Rows: @unchecked Sendable {
  let result: OpaquePointer
  /// How many rows there are.
  package let count: Int

  init(owning result: OpaquePointer) {
    self.result = result
    count = Int(PQntuples(result))
  }

  deinit {
    PQclear(result)
  }

  /// How many columns each row has.
  package var columns: Int { Int(PQnfields(result)) }

  /// How many rows an INSERT, UPDATE, DELETE or SELECT has touched.
  package var affected: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

  /// The command's name as the server reports it, `COMMIT` say.
  var commandTag: String { String(cString: PQcmdStatus(result)) }

  /// The name of a column; for tests and tools, programs go by its place.
  package func name(of column: Int) -> String? {
    PQfname(result, Int32(column)).map { String(cString: $0) }
  }

  package func type(of column: Int) -> TypeID {
    TypeID(rawValue: PQftype(result, Int32(column)))
  }
}

extension Rows: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(index: Int) -> Row {
    precondition(index >= 0 && index < count, "there is no such row")
    return Row(rows: self, index: Int32(index))
  }
}
