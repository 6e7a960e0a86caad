// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// The bodies of requests about attendance.
enum AttendanceBody {
  /// How far ahead of ours the clock of a door or a telephone may be.
  private static let ahead: Int64 = 5 * Instant.minute
  /// How long before the first day of a contract or a post somebody may clock in for it.
  private static let before: Int64 = Instant.day

  static let mark: Shape<RecordedMark> = .object(
    "clockMark", about: Text(zh: "一人上岗或离岗的一次打卡。", en: "Somebody clocked in or out."),
    Field("person", .code), Field("at", .instant), Field("direction", .enumeration(ClockMark.Direction.self)),
    Field(optional: "device", .string(minLength: 1, maxLength: 60)),
    Field(optional: "externalNumber", .string(minLength: 1, maxLength: 100))
  ) { RecordedMark(person: $0, ClockMark(at: $1, $2), source: .api, device: $3, externalNumber: $4) }

  static let marks: Shape<[RecordedMark]> = .object("clockMarks", Field("marks", .array(of: mark, min: 1, max: 500))) { $0 }

  /// Those whose marks may be recorded, by their codes.
  typealias Known = [String: AttendanceStore.Attendee]

  static func known(_ people: [AttendanceStore.Attendee]) -> Known { Dictionary(people.map { ($0.code, $0) }) { first, _ in first } }

  /// What speaks against a mark that somebody wants to record.
  static func fault(_ mark: RecordedMark, known: Known, at now: Instant, _ pointer: String = "") -> Fault? {
    guard let person = known[mark.person] else { return .unknownStaff(mark.person, at: pointer + "/person") }
    func outOfRange(_ zh: String, _ en: String) -> Fault {
      Fault(pointer: pointer + "/at", code: "out-of-range", detail: Text(zh: zh, en: en))
    }
    guard mark.mark.at.microseconds(since: now) <= ahead else { return outOfRange("不得晚于现在。", "This must not be in the future.") }
    guard let since = person.since else { return outOfRange("此人尚无合同或任岗。", "There is no contract or post that this could be for.") }
    guard Instant(since).microseconds(since: mark.mark.at) <= before else {
      return outOfRange("早于此人的合同与任岗（\(since) 起）。", "This is before their contract and posts, which begin on \(since).")
    }
    return nil
  }
}
