// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import HTTP

/// A page to print as an answer: HTML that shows its own style and does nothing else.
enum PageAnswer {
  /// The query's `lang` as the API document shows it.
  static let language = Operation.Parameter(
    "lang", Text(zh: "语言；未指明则按 Accept-Language", en: "The language; by Accept-Language unless told"),
    schema: ["type": "string", "enum": ["zh", "en"]])

  /// The language that a caller wants paper in.
  ///
  /// - Throws: 422 for a word that is none.
  static func language(of call: Call) throws -> Language {
    guard let text = call.request.target.query["lang"] else { return call.language }
    guard let language = Language(rawValue: text) else {
      throw Problem.badQuery("lang", Text(zh: "lang 须为 zh 或 en。", en: "lang is zh or en."))
    }
    return language
  }

  /// What a page with these styles may do (Content Security Policy): show them, and nothing else.
  static func policy(styles: StaticString...) -> String? {
    var sources = ""
    for style in styles {
      guard let digest = try? SHA256.digest(of: Array("\(style)".utf8)) else { return nil }
      sources += " 'sha256-\(Base64.standard.encode(digest))='"
    }
    return "default-src 'none'; style-src\(sources); base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
  }

  static func response(_ body: Response.Body, policy: String?, in language: Language) throws -> Response {
    var response = Response(.ok, headers: [.contentType: "text/html; charset=utf-8"], body: body)
    response.headers.append(.contentLanguage, language == .zh ? "zh-CN" : "en")
    response.headers.append(.vary, "Accept-Language")
    response.headers.append(.cacheControl, "no-store")
    guard let policy = policy.flatMap({ HeaderValue($0) }) else { throw Problem.unexpected }
    response.headers.append(.contentSecurityPolicy, policy)
    response.headers.append("X-Content-Type-Options", "nosniff")
    response.headers.append("Referrer-Policy", "no-referrer")
    return response
  }
}
