// SPDX-License-Identifier: Apache-2.0
import Crypto
import Domain
import HTTP

/// What a file is answered with: whole, a part of it, or the word that the client has it already (RFC 9110 §13, §14).
///
/// It is something to keep, never something to show: no browser may take it for a page of ours, whatever is in it.
struct FileAnswer {
  let mediaType: String
  let name: AttachmentName
  let sha256: [UInt8]
  let octets: Int

  /// What the file is known by; it never changes.
  var entityTag: String { "\"\(Hex.encode(sha256))\"" }

  /// What of the file a request asks for; nil when the client has it already.
  func asked(by request: Request) -> ByteRange? {
    if let known = request.headers[.ifNoneMatch], matches(known) { return nil }
    // A range counts only of what the client has the beginning of; a date is no proof of that.
    if let condition = request.headers["If-Range"], condition != entityTag { return .whole }
    return ByteRange(request.headers.octets("Range"), length: octets)
  }

  private func matches(_ list: String) -> Bool {
    list.split(separator: ",").contains { item in
      let tag = item.drop { $0 == " " }
      return tag == "*" || tag == entityTag || tag == "W/" + entityTag
    }
  }

  /// The answer without its content.
  func head(_ asked: ByteRange?) -> Response {
    guard let asked else { return Response(.notModified, headers: tagged) }
    var headers = tagged
    headers.append("Accept-Ranges", "bytes")
    switch asked {
    case .unsatisfiable:
      if let value = HeaderValue("bytes */\(octets)") { headers.append("Content-Range", value) }
      return Response(Status(416), headers: headers)
    case .whole: break
    case .part(let range):
      if let value = HeaderValue("bytes \(range.lowerBound)-\(range.upperBound - 1)/\(octets)") { headers.append("Content-Range", value) }
    }
    if let type = HeaderValue(mediaType) { headers.append(.contentType, type) }
    if let disposition = HeaderValue(disposition) { headers.append(.contentDisposition, disposition) }
    headers.append("X-Content-Type-Options", "nosniff")
    headers.append(.contentSecurityPolicy, "default-src 'none'; sandbox")
    return Response(asked == .whole ? .ok : Status(206), headers: headers)
  }

  private var tagged: Headers {
    var headers: Headers = [.cacheControl: "private, no-cache"]
    if let tag = HeaderValue(entityTag) { headers.append(.entityTag, tag) }
    return headers
  }

  /// `attachment`, with the name for those who read UTF-8 and one for those who do not (RFC 6266, RFC 8187).
  private var disposition: String {
    let plain = name.text.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && scalar != "\"" && scalar != "%" && scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "_"
    }
    var encoded = ""
    for octet in name.text.utf8 {
      let character = Character(Unicode.Scalar(octet))
      if octet < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
        encoded.append(character)
      } else {
        encoded += "%" + Hex.encode([octet]).uppercased()
      }
    }
    return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded)"
  }
}
