// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import HTTP
import Store

extension DatedRevision {
  /// The members that every revision has in answers.
  static var members: [String] { ["revision", "effectiveFrom", "sha256", "appliedAt"] }

  func writeMembers(to writer: inout JSONWriter) {
    writer.key("revision")
    writer.integer(number)
    writer.key("effectiveFrom")
    writer.date(effectiveFrom)
    writer.key("sha256")
    writer.string(Hex.encode(checksum))
    writer.key("appliedAt")
    writer.instant(applied)
  }
}

extension Sequence where Element: DatedRevision {
  /// The document of one of them as an answer.
  ///
  /// - Parameter variable: the place in the path of the revision's number.
  /// - Throws: 404 where none has that number.
  func document(numberedBy variable: Int, _ call: Call) throws -> Response {
    let number = Int32(try call.variable(variable))
    guard let revision = first(where: { $0.number == number }) else { throw Problem.notFound }
    var writer = JSONWriter(capacity: 1 << 14)
    writer.value(revision.document)
    return .json(writer.bytes)
  }
}
