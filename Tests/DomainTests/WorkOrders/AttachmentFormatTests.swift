// SPDX-License-Identifier: Apache-2.0
import Domain
import Testing

@Suite("Formats of attachments")
struct AttachmentFormatTests {
  /// How contents of each format begin.
  static let heads: [(format: AttachmentFormat, head: [UInt8])] = [
    (.mp3, Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0]), (.mp3, [0xFF, 0xFB, 0x90, 0x64]), (.wave, riff("WAVE")), (.m4a, ftyp("M4A ")),
    (.aac, [0xFF, 0xF1, 0x50, 0x80]), (.amr, Array("#!AMR\n".utf8)), (.ogg, Array("OggS".utf8) + [0, 2]), (.flac, Array("fLaC".utf8)),
    (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]), (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]), (.gif, Array("GIF89a".utf8)),
    (.webp, riff("WEBP")), (.heic, ftyp("heic")), (.bmp, Array("BM".utf8) + [UInt8](repeating: 0, count: 30)), (.mp4, ftyp("isom")),
    (.quickTime, ftyp("qt  ")), (.threeGPP, ftyp("3gp5")), (.webm, [0x1A, 0x45, 0xDF, 0xA3, 1]), (.avi, riff("AVI ")),
    (.pdf, Array("%PDF-1.7".utf8)), (.word, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), (.excelXML, [0x50, 0x4B, 0x03, 0x04, 20]),
  ]

  private static func riff(_ form: String) -> [UInt8] { Array("RIFF".utf8) + [1, 2, 3, 4] + Array(form.utf8) }
  private static func ftyp(_ brand: String) -> [UInt8] { [0, 0, 0, 32] + Array("ftyp".utf8) + Array(brand.utf8) }

  @Test("a content is recognised by its first octets", arguments: heads)
  func recognised(_ format: AttachmentFormat, _ head: [UInt8]) {
    #expect(format.begins(head))
    #expect(!format.begins([]))
    #expect(!format.begins(Array("<!DOCTYPE html><script>".utf8)))
    #expect(!format.begins(Array(head.dropFirst())))
  }

  @Test("a content is not taken for one of another kind")
  func others() {
    for (format, head) in Self.heads {
      for other in AttachmentFormat.allCases where other.kind != format.kind && other.begins(head) {
        // One container holds both.
        #expect([format, other].allSatisfy { [.m4a, .mp4, .threeGPP].contains($0) }, "\(format) is taken for \(other)")
      }
    }
  }

  @Test(
    "a content type names its format, whatever its parameters and its case",
    arguments: [
      ("image/png", AttachmentFormat.png), ("IMAGE/JPG; q=1", .jpeg), ("audio/x-wav", .wave), ("audio/mp3", .mp3),
      ("video/mp4;codecs=x", .mp4),
      ("text/html", nil), ("image/svg+xml", nil), ("application/octet-stream", nil), ("", nil),
    ])
  func types(_ contentType: String, _ format: AttachmentFormat?) {
    #expect(AttachmentFormat(contentType: contentType) == format)
  }

  @Test("a name is what people read, and no path")
  func names() {
    #expect(AttachmentName("回访录音 3.mp3")?.text == "回访录音 3.mp3")
    for name in ["", "..", "a/b", "a\\b", "a\nb", "a\u{0}b", "a\u{202E}gpj.exe", String(repeating: "长", count: 201)] {
      #expect(AttachmentName(name) == nil)
    }
  }
}
