// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc

/// The clock that the program goes by: this machine's wall clock, which a test may run ahead of or stop.
struct Clock: Sendable {
  /// The file that says by how many microseconds this clock is ahead, or at which moment it stands, opened; nil for the wall clock.
  private let shift: Int32?

  /// - Throws: 422 for a file that cannot be read.
  init(_ configuration: Configuration) throws {
    let path = configuration.text(.clockShift)
    guard !path.isEmpty else {
      shift = nil
      return
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Faults([
        Fault(pointer: "/clock.shift", code: "not-found", detail: Text(zh: "无法读取文件 \(path)", en: "the file \(path) cannot be read"))
      ])
    }
    shift = descriptor
  }

  /// Whether it is not the wall clock.
  var isShifted: Bool { shift != nil }

  /// Now, to the microsecond.
  func now() -> Instant {
    let now = Self.wall()
    guard let shift else { return now }
    // Read each time: whoever tests moves the clock under the running server.
    var words: [Int64] = [0, 0]
    guard pread(shift, &words, 16, 0) >= 8 else { return now }
    let (ahead, standing) = (Int64(littleEndian: words[0]), Int64(littleEndian: words[1]))
    // It stands for what falls on the boundary of a deadline, which a clock that goes on never hits to the microsecond.
    if standing != 0, let moment = Instant(microseconds: standing) { return moment }
    return (try? now.adding(microseconds: ahead)) ?? now
  }

  /// What this machine's wall clock says.
  static func wall() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000) ?? Instant(.first)
  }
}
