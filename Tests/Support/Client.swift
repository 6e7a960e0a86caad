// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A client that does what it is told, well-behaved or not, on a blocking socket.
package final class Client {
  /// One answer as it came.
  package struct Answer: Sendable {
    package var status: Int
    package var fields: [String: String]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package enum Failure: Error {
    case connect(Int32)
    /// The connection ended, or nothing came for far too long.
    case ended(after: String)
    case malformed(String)
  }

  private var descriptor: Int32
  private var buffer: [UInt8] = []

  package init(port: UInt16, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // No test waits this long; it turns a hang into a failure.
    var patience = timeval(tv_sec: 240, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard result == 0 else {
      Glibc.close(descriptor)
      descriptor = -1
      throw Failure.connect(errno)
    }
  }

  deinit { close() }

  package func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends all octets, or as many as the server takes before it closes.
  package func send(_ octets: [UInt8]) {
    var position = 0
    while position < octets.count {
      let count = octets.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + position, $0.count - position, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      position += count
    }
  }

  package func get(_ path: String, _ fields: String = "") { send("GET \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n") }

  /// Reads one answer, whose content has a length or comes in chunks unless it is one to HEAD.
  package func answer(toHead: Bool = false) throws -> Answer {
    var end: Int?
    while true {
      end = headEnd()
      if end != nil { break }
      try more()
    }
    let head = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self)
    buffer.removeFirst((end ?? 0) + 4)
    var lines = head.split(separator: "\r\n")
    let first = lines.removeFirst().split(separator: " ")
    guard first.count > 1, first[0] == "HTTP/1.1", let status = Int(first[1]) else { throw Failure.malformed(head) }
    var fields: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    if !toHead, fields["transfer-encoding"] == "chunked" { return Answer(status: status, fields: fields, body: try chunks()) }
    let length = toHead ? 0 : Int(fields["content-length"] ?? "0") ?? 0
    while buffer.count < length { try more() }
    defer { buffer.removeFirst(length) }
    return Answer(status: status, fields: fields, body: Array(buffer.prefix(length)))
  }

  /// Reads one answer's head only; what is behind it is for ``piece()`` or ``rest()``.
  package func head() throws -> Answer { try answer(toHead: true) }

  /// Reads one chunk; empty for the last.
  package func piece() throws -> [UInt8] {
    var end: Int?
    while true {
      end = buffer.firstIndex(of: 10)
      if end != nil { break }
      try more()
    }
    let line = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self)
    guard line.hasSuffix("\r"), let size = Int(line.dropLast(), radix: 16) else { throw Failure.malformed(line) }
    buffer.removeFirst((end ?? 0) + 1)
    while buffer.count < size + 2 { try more() }
    defer { buffer.removeFirst(size + 2) }
    guard buffer[size..<size + 2] == [13, 10] else { throw Failure.malformed("chunk") }
    return Array(buffer.prefix(size))
  }

  private func chunks() throws -> [UInt8] {
    var content: [UInt8] = []
    while true {
      let piece = try piece()
      if piece.isEmpty { return content }
      content += piece
    }
  }

  private func headEnd() -> Int? {
    guard buffer.count >= 4 else { return nil }
    return (0...buffer.count - 4).first { buffer[$0..<$0 + 4] == [13, 10, 13, 10] }
  }

  private func more() throws {
    guard try receive() else { throw Failure.ended(after: String(decoding: buffer, as: UTF8.self)) }
  }

  private func receive() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &piece, piece.count, 0)
    guard count >= 0 || errno == ECONNRESET else { throw Failure.ended(after: "timeout") }
    buffer += piece.prefix(max(0, count))
    return count > 0
  }

  /// Reads until the server closes; what came before and was not yet read as an answer.
  package func rest() throws -> String {
    while try receive() {}
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  package func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Closes so that the server hears a reset instead of an end.
  package func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    close()
  }
}
