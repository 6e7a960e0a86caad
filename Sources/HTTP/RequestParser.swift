// SPDX-License-Identifier: Apache-2.0

/// Turns the octets of a connection into requests, strictly by RFC 9110 and RFC 9112.
///
/// It holds no input and does no I/O. The same octets give the same events however they are cut; after a refusal nothing more is read,
/// since what follows cannot be told from a smuggled request.
package struct RequestParser: Sendable {
  /// How much of each part of a request is taken.
  package struct Limits: Sendable {
    /// The request line's octets.
    package var requestLine = 8192
    /// The octets of all fields, line ends included.
    package var headers = 16384
    /// The number of fields.
    package var headerCount = 64
    /// The content's octets, chunking taken off.
    package var body = 1 << 20
    /// The same for a request whose content is handed on as it comes; nil for one whose content is put together first.
    package var streamed: (@Sendable (Method, RequestTarget) -> Int?)?
    /// The octets of all chunk extensions of one content.
    package var chunkExtensions = 256
    /// The octets of all trailer fields.
    package var trailers = 4096

    package init() {}
  }

  /// What the octets amount to.
  package enum Event: Sendable {
    /// The client waits for the interim answer before it sends the content.
    case waitsForContinue
    /// A request is complete.
    case request(Request)
    /// A request is complete but for its content, which comes in pieces.
    case head(Request, waitsForContinue: Bool)
    /// This part of the input is a piece of the content.
    case content(Range<Int>)
    /// The content is complete.
    case end
    /// The connection is to be answered with this and closed.
    case refusal(Refusal)
  }

  /// Where the connection stands, for the deadlines.
  package enum Phase: Sendable, Equatable {
    /// No octet of a request has come.
    case idle
    /// A request line or its fields are being read.
    case head
    /// The content is being read, and so many of its octets have come.
    case body(received: Int)
    /// Nothing more is read.
    case refused
  }

  private enum State: Sendable {
    case requestLine(blankAllowed: Bool)
    case fields
    case body(remaining: Int)
    case chunkSize
    case chunkData(remaining: Int)
    case chunkEnd
    case trailers
    case refused
  }

  /// How much room is made for a content before it comes; a client's word alone reserves no more.
  private static let firstReservation = 65536

  private let limits: Limits
  private var state = State.requestLine(blankAllowed: true)
  private var lines = LineAssembler()
  private var head: RequestHead?
  private var body: [UInt8] = []
  /// How much of the content has come.
  private var received = 0
  /// How much of it may come.
  private var greatest = 0
  /// Whether the content is handed on as it comes.
  private var isStreaming = false
  /// What is left of the octets that fields, trailers or extensions may take.
  private var budget = 0

  package init(limits: Limits = Limits()) {
    self.limits = limits
  }

  package var phase: Phase {
    switch state {
    case .requestLine: lines.isEmpty ? .idle : .head
    case .fields: .head
    case .body, .chunkSize, .chunkData, .chunkEnd, .trailers: .body(received: received)
    case .refused: .refused
    }
  }

  /// Reads on until something happened or the input is used up.
  ///
  /// - Parameters:
  ///   - input: what came from the connection.
  ///   - position: where to begin in it; moved behind what was read.
  /// - Returns: nil when the input is used up.
  package mutating func parse(_ input: Span<UInt8>, from position: inout Int) -> Event? {
    do throws(Refusal) {
      while position < input.count || owesEnd {
        if let event = try step(input, &position) { return event }
      }
      return nil
    } catch {
      state = .refused
      head = nil
      body = []
      lines.clear()
      position = input.count
      return .refusal(error)
    }
  }

  /// Whether a content that is handed on has come whole, so that its end is told without further input.
  package var owesEnd: Bool {
    if case .body(remaining: 0) = state { true } else { false }
  }

  private mutating func step(_ input: Span<UInt8>, _ position: inout Int) throws(Refusal) -> Event? {
    let limit: Int
    let refusal: Refusal
    switch state {
    case .requestLine: (limit, refusal) = (limits.requestLine, .targetTooLong)
    case .fields, .trailers: (limit, refusal) = (max(0, budget), .headersTooLarge)
    case .chunkSize: (limit, refusal) = (ChunkLine.longestSize + budget, .chunkExtensionTooLong)
    case .chunkEnd: (limit, refusal) = (0, .badChunkEnd)
    case .body(let remaining):
      // The last piece has been handed on and its end has not: it takes no input.
      guard remaining > 0 else { return finish() }
      let piece = takeBody(input, &position, remaining)
      let rest = remaining - piece.count
      state = .body(remaining: rest)
      if isStreaming { return .content(piece) }
      return rest == 0 ? finish() : nil
    case .chunkData(let remaining):
      let piece = takeBody(input, &position, remaining)
      let rest = remaining - piece.count
      state = rest == 0 ? .chunkEnd : .chunkData(remaining: rest)
      return isStreaming ? .content(piece) : nil
    case .refused:
      position = input.count
      return nil
    }
    switch try lines.next(input, &position, limit: limit, orElse: refusal) {
    case .whole(let range): return try take(line: input.extracting(range))
    case .joined(let octets): return try take(line: octets.span)
    case nil: return nil
    }
  }

  private mutating func take(line: Span<UInt8>) throws(Refusal) -> Event? {
    switch state {
    case .requestLine(let blankAllowed):
      guard !line.isEmpty else {
        // RFC 9112 §2.2 asks for leniency towards one empty line left over from an old client's content.
        guard blankAllowed else { throw .badRequestLine }
        state = .requestLine(blankAllowed: false)
        return nil
      }
      head = try RequestHead(requestLine: line)
      budget = limits.headers
      state = .fields
    case .fields:
      guard !line.isEmpty else { return try beginBody() }
      guard head?.headers.count ?? 0 < limits.headerCount else { throw .tooManyHeaders }
      try head?.takeField(line)
      budget -= line.count + 2
    case .chunkSize: try beginChunk(ChunkLine(line))
    case .chunkEnd: state = .chunkSize
    case .trailers:
      guard !line.isEmpty else { return finish() }
      _ = try FieldLine(line)
      budget -= line.count + 2
    case .body, .chunkData, .refused: break
    }
    return nil
  }

  private mutating func beginBody() throws(Refusal) -> Event? {
    guard let framing = try head?.framing() else { return nil }
    guard framing != .length(0) else { return finish() }
    let streamed = head.flatMap { limits.streamed?($0.method, $0.target) }
    isStreaming = streamed != nil
    greatest = streamed ?? limits.body
    received = 0
    switch framing {
    case .length(let length):
      guard length <= greatest else { throw .bodyTooLarge }
      if !isStreaming { body.reserveCapacity(min(length, Self.firstReservation)) }
      state = .body(remaining: length)
    case .chunked:
      budget = limits.chunkExtensions
      state = .chunkSize
    }
    let waits = head?.waits(for: framing) == true
    if isStreaming, let head { return .head(head.request(body: []), waitsForContinue: waits) }
    return waits ? .waitsForContinue : nil
  }

  private mutating func beginChunk(_ line: ChunkLine) throws(Refusal) {
    guard line.size <= UInt64(greatest - received) else { throw .bodyTooLarge }
    if line.size == 0 {
      budget = limits.trailers
      state = .trailers
    } else {
      budget = max(0, budget - line.extensionCount)
      state = .chunkData(remaining: Int(line.size))
    }
  }

  private mutating func takeBody(_ input: Span<UInt8>, _ position: inout Int, _ remaining: Int) -> Range<Int> {
    let piece = position..<position + min(remaining, input.count - position)
    if !isStreaming { body.append(copying: input.extracting(piece)) }
    received += piece.count
    position = piece.upperBound
    return piece
  }

  private mutating func finish() -> Event? {
    state = .requestLine(blankAllowed: true)
    guard let head = head.take() else { return nil }
    if isStreaming {
      isStreaming = false
      return .end
    }
    defer { body = [] }
    return .request(head.request(body: body))
  }
}
