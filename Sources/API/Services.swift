// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Synchronization

/// What the routes of one event loop work with.
package struct Services: Sendable {
  package let lanes: Lanes
  package let identities: Identities
  /// What this process remembers of sessions and memberships: whoever changes one makes it forget before answering.
  package let access: AccessCache
  package let passwords: Passwords
  /// Where rosters are worked out.
  package let calculations: Calculations
  /// How long a session lasts unless its opener says otherwise, in hours.
  package let sessionHours: Int

  package let health: Health
  package let dossiers: DossierReader
  /// What citizens' data is sealed and opened with.
  package let citizens: CitizenKeys
  /// Tells the instant.
  package let clock: @Sendable () -> Instant
  /// The streams that users have open.
  package let streams: OpenStreams
  /// How often each calendar feed was fetched.
  package let feeds: FeedFetches
  /// Where the files of all offices are.
  package let files: FileVault
  /// The orders that this process has just written.
  package let orders: OrderMemory
  /// What the clocks of orders go by.
  package let clocks: ClockKeeper
  /// Has the timer judge attendance at once.
  package let attendanceDue: @Sendable () -> Void
  /// Reads the roles that every office starts with.
  package let templates: @Sendable () throws -> [RoleTemplate]
  /// The last migration that this program counts on.
  package let schema: Int32

  package init(
    lanes: Lanes, identities: Identities, access: AccessCache, passwords: Passwords, calculations: Calculations, sessionHours: Int,
    health: Health, dossiers: DossierReader, citizens: CitizenKeys, clocks: ClockKeeper, files: FileVault, orders: OrderMemory,
    clock: @escaping @Sendable () -> Instant, streams: OpenStreams = OpenStreams(), feeds: FeedFetches = FeedFetches(),
    attendanceDue: @escaping @Sendable () -> Void = {}, templates: @escaping @Sendable () throws -> [RoleTemplate], schema: Int32 = 0
  ) {
    self.lanes = lanes
    self.identities = identities
    self.access = access
    self.passwords = passwords
    self.calculations = calculations
    self.sessionHours = sessionHours
    self.health = health
    self.dossiers = dossiers
    self.citizens = citizens
    self.files = files
    self.orders = orders
    self.clocks = clocks
    self.clock = clock
    self.streams = streams
    self.feeds = feeds
    self.attendanceDue = attendanceDue
    self.templates = templates
    self.schema = schema
  }
}

/// Gives rows their identifiers, each greater than the one before in this process.
package final class Identities: Sendable {
  private let generator = Mutex(UUIDv7Generator())

  package init() {}

  /// The next identifier, made at `instant`.
  package func next(at instant: Instant) -> UUIDv7 {
    generator.withLock { generator in
      var random = SystemRandomNumberGenerator()
      return generator.next(at: instant, using: &random)
    }
  }
}
