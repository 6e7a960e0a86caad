// SPDX-License-Identifier: Apache-2.0

/// A format that is taken as an attachment; its raw value is its media type. The list is closed: nothing that a browser would run is on it.
package enum AttachmentFormat: String, Sendable, Hashable, CaseIterable {
  case mp3 = "audio/mpeg"
  case wave = "audio/wav"
  case m4a = "audio/mp4"
  case aac = "audio/aac"
  case amr = "audio/amr"
  case ogg = "audio/ogg"
  case flac = "audio/flac"
  case jpeg = "image/jpeg"
  case png = "image/png"
  case gif = "image/gif"
  case webp = "image/webp"
  case heic = "image/heic"
  case bmp = "image/bmp"
  case mp4 = "video/mp4"
  case quickTime = "video/quicktime"
  case threeGPP = "video/3gpp"
  case webm = "video/webm"
  case matroska = "video/x-matroska"
  case avi = "video/x-msvideo"
  case pdf = "application/pdf"
  case word = "application/msword"
  case excel = "application/vnd.ms-excel"
  case powerPoint = "application/vnd.ms-powerpoint"
  case wordXML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  case excelXML = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  case powerPointXML = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
  /// The national format of fixed documents 版式文档 (GB/T 33190).
  case ofd = "application/ofd"

  /// How much of a content must be here before it can be recognised, unless it is shorter.
  package static let headLength = 64

  /// The format that a `Content-Type` names, whatever parameters it has.
  package init?(contentType: String) {
    let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
    switch type {
    case "audio/x-wav", "audio/wave", "audio/vnd.wave": self = .wave
    case "audio/mp3": self = .mp3
    case "audio/x-m4a", "audio/m4a": self = .m4a
    case "image/jpg": self = .jpeg
    default: self.init(rawValue: type)
    }
  }

  /// What steps of an order's history call it.
  package var kind: OrderMove.Media.Kind {
    switch self {
    case .mp3, .wave, .m4a, .aac, .amr, .ogg, .flac: .recording
    case .jpeg, .png, .gif, .webp, .heic, .bmp: .photo
    case .mp4, .quickTime, .threeGPP, .webm, .matroska, .avi: .video
    case .pdf, .word, .excel, .powerPoint, .wordXML, .excelXML, .powerPointXML, .ofd: .document
    }
  }

  /// Whether a content that begins so is of this format.
  ///
  /// - Parameter head: the first ``headLength`` octets, or all where there are fewer.
  package func begins(_ head: [UInt8]) -> Bool {
    switch self {
    case .mp3: head.starts(with: Array("ID3".utf8)) || Self.isMPEGFrame(head)
    case .wave: Self.isRIFF(head, "WAVE")
    case .aac: head.count > 1 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0
    case .amr: head.starts(with: Array("#!AMR".utf8))
    case .ogg: head.starts(with: Array("OggS".utf8))
    case .flac: head.starts(with: Array("fLaC".utf8))
    case .jpeg: head.starts(with: [0xFF, 0xD8, 0xFF])
    case .png: head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    case .gif: head.starts(with: Array("GIF87a".utf8)) || head.starts(with: Array("GIF89a".utf8))
    case .webp: Self.isRIFF(head, "WEBP")
    case .bmp: head.starts(with: Array("BM".utf8)) && head.count > 14
    case .avi: Self.isRIFF(head, "AVI ")
    case .heic: Self.brand(head).map { ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].contains($0) } ?? false
    case .quickTime: Self.brand(head) == "qt  " || ["moov", "mdat", "wide", "free"].contains(Self.box(head))
    case .m4a, .mp4, .threeGPP:
      Self.brand(head).map { !["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "qt  "].contains($0) } ?? false
    case .webm, .matroska: head.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
    case .pdf: head.starts(with: Array("%PDF-".utf8))
    case .word, .excel, .powerPoint: head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    case .wordXML, .excelXML, .powerPointXML, .ofd: head.starts(with: [0x50, 0x4B, 0x03, 0x04])
    }
  }

  /// An MPEG audio frame of layer III: its sync word, a version, a bit rate and a sampling rate that exist.
  private static func isMPEGFrame(_ head: [UInt8]) -> Bool {
    guard head.count > 2, head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[1] & 0x18 != 0x08 else { return false }
    return head[2] & 0xF0 != 0xF0 && head[2] & 0xF0 != 0 && head[2] & 0x0C != 0x0C
  }

  private static func isRIFF(_ head: [UInt8], _ form: String) -> Bool {
    head.count >= 12 && head.starts(with: Array("RIFF".utf8)) && head[8..<12].elementsEqual(form.utf8)
  }

  /// The type of the first box of an ISO base media file (ISO/IEC 14496-12).
  private static func box(_ head: [UInt8]) -> String {
    head.count >= 8 ? String(decoding: head[4..<8], as: UTF8.self) : ""
  }

  /// The major brand of an ISO base media file, nil for another.
  private static func brand(_ head: [UInt8]) -> String? {
    head.count >= 12 && box(head) == "ftyp" ? String(decoding: head[8..<12], as: UTF8.self) : nil
  }
}

/// The name under which somebody attached a file: what a person reads, never a path.
package struct AttachmentName: Sendable, Hashable {
  package let text: String

  /// - Returns: nil for nothing, for more than 200 characters, for a control character and for what separates the parts of a path.
  package init?(_ text: String) {
    guard (1...200).contains(text.unicodeScalars.count), text != ".", text != ".." else { return nil }
    let isSound = text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: false
      default: scalar != "/" && scalar != "\\"
      }
    }
    guard isSound else { return nil }
    self.text = text
  }
}
