// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Takes an office's files away that nothing refers to; several servers may do it side by side, and while others store.
///
/// What counts is the database's row of a content, which names one file. A row that is taken away takes its file's name with it: whoever
/// stores the same content meanwhile has written a file of another name.
package struct AttachmentSweep: Sendable {
  /// How long a content stays that nothing refers to; long enough for whoever has just stored it to refer to it.
  private static let grace = Instant.hour
  /// How old a file must be before it counts as left behind; no upload takes so long between its file and its row.
  private static let age = Duration.seconds(86_400)
  private static let batch = 500

  private let lanes: Lanes
  private let files: FileVault
  private let tenant: TenantID

  package init(lanes: Lanes, files: FileVault, tenant: TenantID) {
    self.lanes = lanes
    self.files = files
    self.tenant = tenant
  }

  /// Gives up contents whose attachments have been removed.
  package func sweepUnreferenced(at now: Instant) async throws {
    let query = AttachmentStore.sweep(untouchedSince: try now.adding(microseconds: -Self.grace), in: tenant)
    let swept: [(sha256: [UInt8], file: UUIDv7)]
    do throws(PostgresError) {
      swept = try await lanes.query(query, in: .tenant(tenant.number), .write)
    } catch {
      // Somebody has just referred to one of them: nothing was given up, and the next round looks again.
      guard case .server(let server) = error, server.state == .foreignKeyViolation else { throw error }
      return
    }
    if !swept.isEmpty { try await files.remove(swept.map { FileVault.Name(sha256: $0.sha256, file: $0.file) }, of: tenant) }
  }

  /// Removes files that an upload or a sweep left behind when its server ended.
  ///
  /// - Parameter age: how old a file must be; a day unless told.
  package func sweepLeftovers(olderThan age: Duration? = nil) async throws {
    let names = try await files.leftovers(of: tenant, olderThan: age ?? Self.age)
    for start in stride(from: 0, to: names.count, by: Self.batch) {
      let some = Array(names[start..<min(names.count, start + Self.batch)])
      let known = try await lanes.query(
        AttachmentStore.known(some.map { (sha256: $0.sha256, file: $0.file) }, in: tenant), in: .tenant(tenant.number), .write)
      try await files.remove(some.filter { !known.contains($0.file) }, of: tenant)
    }
  }
}
