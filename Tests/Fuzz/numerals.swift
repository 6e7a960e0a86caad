// SPDX-License-Identifier: Apache-2.0
// Sources: Base

/// Capital numerals from anywhere: what reads as an amount is written and read back as the same, without a remark.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  guard let reading = try? CapitalNumerals.read(text) else { return 0 }
  let again = try? CapitalNumerals.read(reading.amount.capitals)
  guard again == CapitalReading(amount: reading.amount, variants: []) else { fatalError("\(reading) became \(again as Any)") }
  return 0
}
