// SPDX-License-Identifier: Apache-2.0
import Base

/// A clock mark with where it came from.
package struct RecordedMark: Sendable, Hashable {
  package enum Source: String, Sendable, CaseIterable {
    /// Sent one by one, or in a file.
    case api
    case `import`
    /// Added by a correction that was signed.
    case correction
  }

  package let person: String
  package let mark: ClockMark
  package let source: Source
  /// The door or the telephone.
  package let device: String?
  /// Its number there.
  package let externalNumber: String?

  package init(person: String, _ mark: ClockMark, source: Source, device: String? = nil, externalNumber: String? = nil) {
    (self.person, self.mark, self.source, self.device, self.externalNumber) = (person, mark, source, device, externalNumber)
  }

  /// What it is called by: `seat-1/2020-02-03T20:00:00+08:00/in`.
  package var reference: String { "\(person)/\(mark.at)/\(mark.direction.rawValue)" }
}

/// A clock mark that is to be there, or to be there no longer.
package struct MarkCorrection: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable { case add, void }

  package let id: UUIDv7
  package let person: String
  package let mark: ClockMark
  package let kind: Kind

  package init(id: UUIDv7, person: String, _ mark: ClockMark, _ kind: Kind) {
    (self.id, self.person, self.mark, self.kind) = (id, person, mark, kind)
  }
}

/// A mark as it stands after corrections.
package struct StandingMark: Sendable, Hashable {
  package let recorded: RecordedMark
  /// The last correction of it that was signed.
  package let correction: UUIDv7?
  /// Whether it counts.
  package let isEffective: Bool

  /// The marks as they stand, in the order of persons and time.
  ///
  /// - Parameter corrections: those that were signed, the earliest first: of several about one mark the last counts.
  package static func all(_ marks: [RecordedMark], corrected corrections: [MarkCorrection]) -> [StandingMark] {
    struct Name: Hashable {
      let person: String
      let mark: ClockMark
    }
    var last: [Name: MarkCorrection] = [:]
    for correction in corrections { last[Name(person: correction.person, mark: correction.mark)] = correction }
    var standing: [StandingMark] = marks.map { recorded in
      let correction = last.isEmpty ? nil : last.removeValue(forKey: Name(person: recorded.person, mark: recorded.mark))
      return StandingMark(recorded: recorded, correction: correction?.id, isEffective: correction?.kind != .void)
    }
    guard !last.isEmpty else { return standing }
    for correction in last.values {
      standing.append(
        StandingMark(
          recorded: RecordedMark(person: correction.person, correction.mark, source: .correction), correction: correction.id,
          isEffective: correction.kind == .add))
    }
    return standing.sorted {
      ($0.recorded.person, $0.recorded.mark.at, $0.recorded.mark.direction.rawValue)
        < ($1.recorded.person, $1.recorded.mark.at, $1.recorded.mark.direction.rawValue)
    }
  }
}
