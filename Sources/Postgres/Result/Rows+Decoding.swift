// SPDX-License-Identifier: Apache-2.0

extension Rows {
  /// Reads every row.
  package func decoded<Output>(by query: Query<Output>) throws(PostgresError) -> [Output] {
    var outputs: [Output] = []
    outputs.reserveCapacity(count)
    do throws(DecodingFailure) {
      for index in 0..<count { outputs.append(try query.decode(self[index])) }
    } catch {
      throw .decoding(error)
    }
    return outputs
  }

  /// Reads the only row, if there is one.
  func single<Output>(by query: Query<Output>) throws(PostgresError) -> Output? {
    switch count {
    case 0: return nil
    case 1:
      do throws(DecodingFailure) {
        return try query.decode(self[0])
      } catch {
        throw .decoding(error)
      }
    default: throw .decoding(.rowCount(count))
    }
  }
}
