// SPDX-License-Identifier: Apache-2.0

/// A value that is not what the program expects in its column; a mistake in the program or in the database, never in what a user sent.
package enum DecodingFailure: Error, Equatable, Sendable {
  /// NULL, where the column is expected to have a value.
  case null(column: Int)
  /// A type from which the expected one cannot be read.
  case type(column: Int, found: TypeID)
  /// Bytes that are not a value of the column's type, or a value that the program's own type does not admit.
  case value(column: Int)
  /// Another number of rows than the statement can give.
  case rowCount(Int)
}
