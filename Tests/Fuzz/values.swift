// SPDX-License-Identifier: Apache-2.0
// Sources: Base

/// Amounts, shares, numbers, dates, times and identities from anywhere: what reads is printed and read back as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  if let amount = Fen(yuan: text) { check(Fen(yuan: amount.yuan) == amount && amount.grouped.filter { $0 != "," } == amount.yuan) }
  if let share = Share(text) {
    check(Share(share.text) == share)
    _ = try? (Fen(.max) * share).rounded()
  }
  if let number = Rational(decimal: text) {
    check(Rational(decimal: number.decimal(limit: 40)) == number)
    check((-number).magnitude == number.magnitude && !(number < number))
    _ = try? number.rounded()
    _ = try? number * number
    _ = try? number + number
    _ = try? 1 / number
  }
  if let date = CivilDate(text) {
    check(date.description == text)
    check((try? date.adding(months: 1)).map { date < $0 } ?? true)
  }
  if let time = CivilTime(text) { check(CivilTime(time.description) == time) }
  if let instant = Instant(text) {
    check(Instant(instant.description) == instant && Instant(instant.date, instant.time) == instant)
    check(Instant(postgres: instant.postgres) == instant)
  }
  if let uuid = UUIDv7(text) { check(UUIDv7(uuid.description) == uuid && uuid.description == text.lowercased()) }
  _ = Language.negotiate(text)
  return 0
}

private func check(_ holds: Bool, line: Int = #line) {
  if !holds { fatalError("line \(line) does not hold") }
}
