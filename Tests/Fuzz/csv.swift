// SPDX-License-Identifier: Apache-2.0
// Sources: Base

/// Feeds arbitrary octets to the readers of records and of lines, whole and cut, and stops the process when the two differ or a bound is
/// passed over; the first octet chooses where the cuts are.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzCSV(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let stride = Int(data[0]) % 23 + 1
  let octets = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  let whole = records(octets, every: octets.count)
  precondition(records(octets, every: stride) == whole, "the cuts change the records")
  precondition(records(octets, every: 1) == whole, "single octets change the records")
  let lines = lines(octets, every: octets.count)
  precondition(Fuzzed.lines(octets, every: stride) == lines, "the cuts change the lines")
  return 0
}

private func records(_ octets: [UInt8], every length: Int) -> [CSVReader.Record] {
  var limits = CSVReader.Limits()
  limits.field = 64
  limits.fields = 8
  limits.record = 128
  var reader = CSVReader(limits: limits)
  var records: [CSVReader.Record] = []
  feed(octets, every: length) { piece, position in
    while let record = reader.next(piece.span, &position) { records.append(record) }
  }
  if let record = reader.finish() { records.append(record) }
  var line = 0
  for record in records {
    precondition(record.line > line, "a record begins before the one before it")
    line = record.line
    guard case .success(let fields) = record.fields else { continue }
    precondition(fields.count <= limits.fields && fields.allSatisfy { $0.count <= limits.field }, "a bound is passed over")
    precondition(fields.reduce(0) { $0 + $1.count } <= limits.record, "a record is too long")
  }
  return records
}

func lines(_ octets: [UInt8], every length: Int) -> [LineReader.Line] {
  var reader = LineReader(limit: 32)
  var lines: [LineReader.Line] = []
  feed(octets, every: length) { piece, position in
    while let line = reader.next(piece.span, &position) { lines.append(line) }
  }
  if let line = reader.finish() { lines.append(line) }
  precondition(lines.allSatisfy { $0.octets?.count ?? 0 <= 32 }, "a line is too long")
  return lines
}

private func feed(_ octets: [UInt8], every length: Int, _ body: ([UInt8], inout Int) -> Void) {
  var start = 0
  while start < octets.count {
    let piece = Array(octets[start..<min(octets.count, start + length)])
    var position = 0
    body(piece, &position)
    precondition(position == piece.count, "something was left unread")
    start += length
  }
}
