// SPDX-License-Identifier: Apache-2.0

/// Why a connection was answered by the server itself and then closed.
///
/// The raw value is the stable code that the answer and the counters carry.
package enum Refusal: String, Error, Sendable, Hashable, CaseIterable {
  case badRequestLine = "bad-request-line"
  case badMethod = "bad-method"
  case methodNotSupported = "method-not-supported"
  case badTarget = "bad-target"
  case badEscape = "bad-escape"
  case dotSegment = "dot-segment"
  case targetTooLong = "target-too-long"
  case versionNotSupported = "version-not-supported"
  case bareLineFeed = "bare-line-feed"
  case foldedField = "folded-field"
  case badFieldName = "bad-field-name"
  case badFieldValue = "bad-field-value"
  case repeatedField = "repeated-field"
  case headersTooLarge = "headers-too-large"
  case tooManyHeaders = "too-many-headers"
  case missingHost = "missing-host"
  case badHost = "bad-host"
  case badConnection = "bad-connection"
  case badContentLength = "bad-content-length"
  case conflictingLength = "conflicting-length"
  case badTransferEncoding = "bad-transfer-encoding"
  case transferCodingNotSupported = "transfer-coding-not-supported"
  case expectationNotMet = "expectation-not-met"
  case bodyTooLarge = "body-too-large"
  case badChunkSize = "bad-chunk-size"
  case badChunkExtension = "bad-chunk-extension"
  case chunkExtensionTooLong = "chunk-extension-too-long"
  case badChunkEnd = "bad-chunk-end"
  case tooSlow = "too-slow"

  /// The status of the answer.
  package var status: Status {
    switch self {
    case .badRequestLine, .badMethod, .badTarget, .badEscape, .dotSegment, .bareLineFeed, .foldedField, .badFieldName, .badFieldValue,
      .repeatedField, .missingHost, .badHost, .badConnection, .badContentLength, .conflictingLength, .badTransferEncoding, .badChunkSize,
      .badChunkExtension, .chunkExtensionTooLong, .badChunkEnd:
      .badRequest
    case .methodNotSupported, .transferCodingNotSupported: .notImplemented
    case .targetTooLong: .targetTooLong
    case .versionNotSupported: .versionNotSupported
    case .headersTooLarge, .tooManyHeaders: .headersTooLarge
    case .expectationNotMet: .expectationFailed
    case .bodyTooLarge: .contentTooLarge
    case .tooSlow: .requestTimeout
    }
  }

  /// One sentence for people, in Chinese and in English.
  package var detail: (chinese: StaticString, english: StaticString) {
    switch self {
    case .badRequestLine: ("请求行格式不正确。", "The request line is malformed.")
    case .badMethod: ("请求方法含有不允许的字符。", "The method holds a character that is not allowed.")
    case .methodNotSupported: ("不支持该请求方法。", "The method is not supported.")
    case .badTarget: ("请求目标格式不正确。", "The request target is malformed.")
    case .badEscape: ("请求目标中的百分号编码无效。", "A percent escape in the target is not valid.")
    case .dotSegment: ("路径中不允许出现“.”或“..”段。", "The path holds a dot segment.")
    case .targetTooLong: ("请求行过长。", "The request line is too long.")
    case .versionNotSupported: ("仅支持 HTTP/1.1 与 HTTP/1.0。", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    case .bareLineFeed: ("行必须以 CR LF 结束。", "A line does not end with CR LF.")
    case .foldedField: ("请求头不允许折行。", "A header field is folded over lines.")
    case .badFieldName: ("请求头名称无效。", "A header field's name is not valid.")
    case .badFieldValue: ("请求头的值含有控制字符。", "A header field's value holds a control character.")
    case .repeatedField: ("只能出现一次的请求头重复出现。", "A header field that may stand once stands twice.")
    case .headersTooLarge: ("请求头过大。", "The header fields are too large.")
    case .tooManyHeaders: ("请求头数量过多。", "There are too many header fields.")
    case .missingHost: ("缺少 Host 请求头。", "The Host header is missing.")
    case .badHost: ("Host 请求头无效。", "The Host header is not valid.")
    case .badConnection: ("Connection 请求头无效。", "The Connection header is not valid.")
    case .badContentLength: ("Content-Length 请求头无效。", "The Content-Length header is not valid.")
    case .conflictingLength:
      ("Content-Length 与 Transfer-Encoding 不能同时出现。", "Content-Length and Transfer-Encoding exclude each other.")
    case .badTransferEncoding: ("Transfer-Encoding 请求头无效。", "The Transfer-Encoding header is not valid.")
    case .transferCodingNotSupported: ("仅支持 chunked 传输编码。", "Only the chunked transfer coding is supported.")
    case .expectationNotMet: ("不支持 Expect 请求头所提的要求。", "The expectation cannot be met.")
    case .bodyTooLarge: ("请求内容过大。", "The content is too large.")
    case .badChunkSize: ("分块长度无效。", "A chunk's size is not valid.")
    case .badChunkExtension: ("分块扩展格式不正确。", "A chunk's extension is malformed.")
    case .chunkExtensionTooLong: ("分块扩展过长。", "The chunk extensions are too long.")
    case .badChunkEnd: ("分块数据之后缺少 CR LF。", "A chunk's data is not followed by CR LF.")
    case .tooSlow: ("请求发送过慢。", "The request came too slowly.")
    }
  }

  /// The answer as a problem (RFC 9457), in both languages since what the client prefers may not have been read.
  package var response: Response {
    var body: [UInt8] = []
    body.append(literal: #"{"type":"about:blank","title":""#)
    body.append(literal: status.reason)
    body.append(literal: #"","status":"#)
    body.append(decimal: Int(status.code))
    body.append(literal: #","code":""#)
    body.append(text: rawValue)
    body.append(literal: #"","detail":""#)
    body.append(literal: detail.chinese)
    body.append(.space)
    body.append(literal: detail.english)
    body.append(literal: #""}"#)
    return .problem(body, status: status)
  }
}
