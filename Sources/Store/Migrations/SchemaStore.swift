// SPDX-License-Identifier: Apache-2.0
import Postgres

/// What a serving process asks of the schema itself.
package enum SchemaStore {
  /// The last step that the schema has taken; also a sign that the database answers.
  package static let last = Query<Int32>("SELECT coalesce(max(number), 0) FROM schema_migration") { row throws(DecodingFailure) in
    try row.int32(0)
  }
}
