// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Postgres

extension Log {
  /// The log on standard error.
  static func standard(_ configuration: Configuration) -> Log {
    Log(minimum: Level(rawValue: configuration.text(.logLevel)) ?? .info, clock: Clock.wall) { Output.bytes($0, to: STDERR_FILENO) }
  }

  /// Says what happens to the connections to the database.
  func note(_ event: ConnectionEvent) {
    switch event {
    case .opened: write(.debug, "database-opened")
    case .refused(let reason): write(.warning, "database-refused", ["reason": .identifier(reason)])
    case .lost(let silent): write(.warning, "database-lost", ["silent": .integer(silent ? 1 : 0)])
    case .retired: write(.info, "database-retired")
    }
  }
}
