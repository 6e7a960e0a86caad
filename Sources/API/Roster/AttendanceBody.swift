// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// The bodies of requests about attendance.
enum AttendanceBody {
  /// How far ahead of ours the clock of a door or a telephone may be.
  private static let ahead: Int64 = 5 * Instant.minute

  static let mark: Shape<RecordedMark> = .object(
    "clockMark", about: Text(zh: "一人上岗或离岗的一次打卡。", en: "Somebody clocked in or out."),
    Field("person", .code), Field("at", .instant), Field("direction", .enumeration(ClockMark.Direction.self)),
    Field(optional: "device", .string(minLength: 1, maxLength: 60)),
    Field(optional: "externalNumber", .string(minLength: 1, maxLength: 100))
  ) { RecordedMark(person: $0, ClockMark(at: $1, $2), source: .api, device: $3, externalNumber: $4) }

  static let marks: Shape<[RecordedMark]> = .object("clockMarks", Field("marks", .array(of: mark, min: 1, max: 500))) { $0 }

  /// What speaks against a mark that somebody wants to record.
  static func fault(_ mark: RecordedMark, known: Set<String>, at now: Instant, _ pointer: String = "") -> Fault? {
    if !known.contains(mark.person) { return .unknownStaff(mark.person, at: pointer + "/person") }
    guard mark.mark.at.microseconds(since: now) <= ahead else {
      return Fault(pointer: pointer + "/at", code: "out-of-range", detail: Text(zh: "不得晚于现在。", en: "This must not be in the future."))
    }
    return nil
  }
}
