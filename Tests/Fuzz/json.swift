// SPDX-License-Identifier: Apache-2.0
// Sources: Base

/// JSON from anywhere: what parses is written and read back equal, has one canonical form, and a shape takes or refuses it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let json = try? JSON.parse(bytes) else { return 0 }
  guard (try? JSON.parse(json.bytes)) == json else { fatalError("written otherwise than read") }
  guard (try? JSON.parse(json.canonical).canonical) == json.canonical else { fatalError("canonical form is not stable") }
  switch CalendarYear.shape.decode(json) {
  case .success(let year): _ = try? WorkingCalendar([year])
  case .failure(let faults):
    for fault in faults.list {
      // What a fault points to is there, or is a missing member of something that is.
      let parent = fault.pointer.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      guard json.value(at: fault.pointer) != nil || json.value(at: parent) != nil else { fatalError("\(fault.pointer) leads nowhere") }
    }
  }
  return 0
}
