// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Targets, cookies and tokens")
struct RequestTargetTests {
  private func target(_ text: String, _ method: Method = .get) throws -> RequestTarget {
    let octets = [UInt8](text)
    return try RequestTarget(octets.span, method: method)
  }

  @Test(
    "segments are decoded one by one, so an escaped delimiter is a character",
    arguments: [
      ("/", [""]), ("/a", ["a"]), ("/a/", ["a", ""]), ("//a", ["", "a"]), ("/a%2Fb/c", ["a/b", "c"]), ("/%E5%AE%89%E5%AE%9A", ["安定"]),
      ("/a+b", ["a+b"]), ("/%2B", ["+"]), ("/...", ["..."]), ("/.a", [".a"]), ("/%3F%23", ["?#"]), ("/a;b=c@d:e", ["a;b=c@d:e"]),
      ("/%2e%2e%2e", ["..."]), ("/%2e%2fa", ["./a"]),
    ])
  func segments(_ text: String, _ segments: [String]) throws {
    #expect(try target(text).segments == segments)
  }

  @Test(
    "a query is a list of decoded names and values",
    arguments: [
      ("/", []), ("/?", []), ("/?a", ["a="]), ("/?a=", ["a="]), ("/?a=b&c=d", ["a=b", "c=d"]), ("/?a=b=c", ["a=b=c"]),
      ("/?a=b+c%2Bd", ["a=b c+d"]), ("/?%E5%AE%89=%26%3D", ["安=&="]), ("/?&&a=1&", ["a=1"]), ("/?a=/?:@", ["a=/?:@"]),
      ("/?a=%C3%A9=%C3%A9", ["a=é=é"]), ("/?a=1&a=2", ["a=1", "a=2"]),
    ])
  func query(_ text: String, _ items: [String]) throws {
    #expect(try target(text).query.items.map { "\($0.name)=\($0.value)" } == items)
  }

  @Test("an absolute target brings its own host, an asterisk has no segments")
  func forms() throws {
    #expect(try target("HTTP://b:80/x?y=z").authority == "b:80")
    #expect(try target("http://b/x?y=z").segments == ["x"])
    #expect(try target("https://b").segments == [""])
    #expect(try Array(target("http://b?y=z").path) == [UInt8]("/"))
    #expect(try target("http://b?y=z").query["y"] == "z")
    #expect(try target("*", .options).segments == [])
    #expect(try target("/a").authority == nil)
    let octets = [UInt8]("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(Transcript(octets).requests.first?.authority == "b")
  }

  @Test("what is encoded is decoded to the same", arguments: ["", "a", "a/b", "安定镇", "%", "a b+c", "..", "~-_."])
  func encoding(_ text: String) {
    let octets = [UInt8](PercentEncoding.encode(text))
    #expect(PercentEncoding.decode(octets.span, octets.indices, plusIsSpace: false) == text)
    #expect(PercentEncoding.decode(octets.span, octets.indices, plusIsSpace: true) == text)
  }

  @Test(
    "a cookie is found by its whole name",
    arguments: [
      ("s=1", "1"), ("a=2; s=1", "1"), ("as=2; s=1", "1"), ("s=1; s=2", "1"), ("s=", ""), ("s=a=b", "a=b"), ("t=1", nil), ("S=1", nil),
      ("s", nil), ("", nil),
    ])
  func cookies(_ header: String, _ value: String?) throws {
    let octets = [UInt8]("GET / HTTP/1.1\r\nHost: a\r\nCookie: \(header)\r\n\r\n")
    let request = try #require(Transcript(octets).requests.first)
    #expect(request.cookie("s").map { String(decoding: $0, as: UTF8.self) } == value)
  }

  @Test(
    "a bearer token is what follows the scheme, whatever its case",
    arguments: [
      ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("Basic abc", nil), ("Bearer", nil), ("Bearer a b", nil), ("Bearerabc", nil),
    ])
  func tokens(_ header: String, _ token: String?) throws {
    let octets = [UInt8]("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: \(header)\r\n\r\n")
    let request = try #require(Transcript(octets).requests.first)
    #expect(request.bearerToken.map { String(decoding: $0, as: UTF8.self) } == token)
  }
}
