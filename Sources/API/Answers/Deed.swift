// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// What a request changes in an office or on the platform: statements of one transaction, the note in the audit log among them, and the answer.
///
/// With an `Idempotency-Key` the answer is stored in the same transaction; a repeated request is answered from there.
struct Deed: Sendable {
  /// How long a stored answer is kept.
  private static let keptFor: Int64 = Instant.day

  let statements: [Statement]
  let answer: Response
  /// What stands for the request's content, where that was read as it came or has a secret in it.
  var contentHash: [UInt8]?

  /// Carries the deed out.
  ///
  /// - Returns: the deed's answer, or the stored one where this request was answered before.
  /// - Throws: 400 for a key that cannot be one, 422 for a key that stood on another request, and what the database throws.
  func perform(for call: Call, on lanes: Lanes) async throws -> Response {
    let place = call.answers
    guard let keep = try Self.keeping(answer, for: call, contentHash) else {
      _ = try await lanes.rows(statements, in: place.context, .write)
      return answer
    }
    for _ in 1...2 {
      do throws(PostgresError) {
        _ = try await lanes.rows([keep] + statements, in: place.context, .write)
        return answer
      } catch {
        guard error.violatesUnique(place.constraint) else { throw error }
      }
      if let earlier = try await Self.earlier(for: call, on: lanes, contentHash) { return earlier }
      // Its time is over: the key is free again.
      _ = try await lanes.rows(AnswerStore.forgetExpired(at: call.now, in: place), in: place.context, .write)
    }
    throw Problem.overloaded
  }

  /// Stores an answer in the transaction of what it answers for; nil for a request that carries no key.
  ///
  /// It fails on the place's constraint when the request was answered before.
  ///
  /// - Throws: 400 for a key that cannot be one.
  static func keeping(_ answer: Response, for call: Call, _ contentHash: [UInt8]? = nil) throws -> Statement? {
    guard let key = try key(of: call) else { return nil }
    return AnswerStore.add(
      key, requestHash: try hash(of: call.request, contentHash), status: Int32(answer.status.code), location: answer.headers[.location],
      entityTag: answer.headers[.entityTag], body: answer.octets, at: call.now, until: try call.now.adding(microseconds: keptFor),
      in: call.answers)
  }

  /// The stored answer to a request that was answered before; nil for one that carries no key, or whose key is new.
  ///
  /// - Throws: as `perform(for:on:)`.
  static func earlier(for call: Call, on lanes: Lanes, _ contentHash: [UInt8]? = nil) async throws -> Response? {
    guard let key = try key(of: call) else { return nil }
    let stored = try await lanes.first(AnswerStore.find(key, in: call.answers), in: call.answers.context, .write)
    guard let stored, stored.expires > call.now else { return nil }
    return try replay(stored, of: hash(of: call.request, contentHash))
  }

  private static func replay(_ stored: AnswerStore.Stored, of hash: [UInt8]) throws -> Response {
    guard stored.requestHash == hash else { throw Problem.keyReused }
    var response = Response.json(stored.body, status: Status(UInt16(clamping: Int(stored.status))))
    if let location = stored.location.flatMap({ HeaderValue($0) }) { response.headers.append(.location, location) }
    if let tag = stored.entityTag.flatMap({ HeaderValue($0) }) { response.headers.append(.entityTag, tag) }
    response.headers.append(.replayed, "true")
    return response
  }

  private static func key(of call: Call) throws -> AnswerStore.Key? {
    guard let text = call.request.headers[.idempotencyKey] else { return nil }
    guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw Problem.badKey }
    return AnswerStore.Key(user: try call.principal.user, operation: call.route.operation.id, key: text)
  }

  /// What stands for a request whose body has a password in it: as slow to guess from as the stored password; nil without a key.
  ///
  /// - Throws: 400 for a key that cannot be one, 503 while too many wait.
  static func hashOfSecret(for call: Call, by passwords: Passwords) async throws -> [UInt8]? {
    guard let key = try key(of: call) else { return nil }
    return try await passwords.digest(call.request.body, salt: SHA256.digest(of: Array("\(key.user) \(key.operation) \(key.key)".utf8)))
  }

  /// What makes two requests with one key the same: target and body.
  private static func hash(of request: Request, _ contentHash: [UInt8]?) throws -> [UInt8] {
    var digest = try SHA256()
    try digest.update(request.target.octets)
    try digest.update([0])
    try digest.update(contentHash ?? request.body)
    return try digest.finish()
  }
}

extension HeaderName {
  fileprivate static let replayed: HeaderName = "Idempotency-Replayed"
}

extension Response {
  /// Whether it is the stored answer to an earlier request of the same key.
  var isReplayed: Bool { headers[.replayed] != nil }

  /// The body's octets, none where it has none or they are not there yet.
  var octets: [UInt8] {
    switch body {
    case .none, .stream: []
    case .octets(let octets): octets
    }
  }
}

extension Call {
  /// The note that the audit log keeps of a deed.
  func note(_ action: String, _ kind: String, _ subject: String, _ data: JSON = [:], id: UUIDv7) throws -> Statement {
    AuditStore.add(
      id: id, at: now, actor: try principal.user, side: try office.membership.side.rawValue, action: action, subjectKind: kind,
      subject: subject, request: "\(request.id)", data: data, in: try office.tenant)
  }
}

extension Call {
  /// The note that the platform's audit log keeps of a deed.
  func platformNote(_ action: String, _ kind: String, _ subject: String, _ data: JSON = [:], id: UUIDv7) throws(Problem) -> Statement {
    PlatformAuditStore.add(
      id: id, at: now, actor: try principal.user, action: action, subjectKind: kind, subject: subject, request: "\(request.id)", data: data)
  }
}
