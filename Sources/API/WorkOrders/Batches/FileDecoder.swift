// SPDX-License-Identifier: Apache-2.0
import Domain
import Glibc

/// Makes text of the fields of a file; kept by the one task that reads the file.
final class FileDecoder {
  private var encoding: FileEncoding
  private var converter: iconv_t?

  init(_ encoding: FileEncoding) { self.encoding = encoding }

  deinit {
    if let converter { iconv_close(converter) }
  }

  /// The text of some octets; nil where they are none in the file's encoding.
  func text(_ octets: [UInt8]) -> String? {
    switch encoding {
    case .utf8: return String(validating: octets, as: UTF8.self)
    case .gb18030: return convert(octets)
    case .automatic:
      if octets.allSatisfy({ $0 < 0x80 }) { return String(decoding: octets, as: UTF8.self) }
      if let text = String(validating: octets, as: UTF8.self) {
        encoding = .utf8
        return text
      }
      guard let text = convert(octets) else { return nil }
      encoding = .gb18030
      return text
    }
  }

  private func convert(_ octets: [UInt8]) -> String? {
    if converter == nil {
      let opened = iconv_open("UTF-8", "GB18030")
      // The C library's own failure value; without the converter nothing of the file can be read.
      guard opened != iconv_t(bitPattern: -1) else { return nil }
      converter = opened
    }
    guard let converter else { return nil }
    iconv(converter, nil, nil, nil, nil)
    var input = octets.map { CChar(bitPattern: $0) }
    // No sequence of GB 18030 becomes longer than twice its octets.
    var output = [UInt8](repeating: 0, count: octets.count * 2 + 4)
    let (result, left) = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBytes { output -> (Int, Int) in
        var source = input.baseAddress
        var sourceLeft = input.count
        var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        var targetLeft = output.count
        let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
        return (result == -1 || sourceLeft > 0 ? -1 : 0, targetLeft)
      }
    }
    guard result == 0 else { return nil }
    return String(validating: output.dropLast(left), as: UTF8.self)
  }
}
