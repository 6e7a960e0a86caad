// SPDX-License-Identifier: Apache-2.0
import Base

/// Where an office keeps recordings, photos and videos beside the attachments of its orders.
package struct MediaRule: Sendable, Hashable {
  /// The prefixes of names in other systems, such as that of the telephones; each ends with a colon.
  package let elsewhere: [String]

  package init(elsewhere: [String]) { self.elsewhere = elsewhere }

  /// Where an office says nothing: only what is attached counts.
  package static let usual = MediaRule(elsewhere: [])

  /// Whether a reference is a name in another system.
  package func isElsewhere(_ reference: String) -> Bool {
    elsewhere.contains { reference.hasPrefix($0) && reference.utf8.count > $0.utf8.count }
  }

  private static let prefix: Shape<String> = .string(
    minLength: 2, maxLength: 40,
    pattern: TextPattern("^[a-z][a-z0-9-]*:$", meaning: Text(zh: "小写字母开头、冒号结尾的前缀", en: "a prefix of small letters that ends with a colon"))
    { text in
      text.utf8.last == UInt8(ascii: ":") && text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
        && text.utf8.dropLast().allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    })

  /// `settings.media` of `office.json`.
  package static let shape: Shape<MediaRule> = .object(
    "mediaRule",
    about: Text(
      zh: "录音、照片、视频除作为附件外还存放在何处：其他系统中名称的前缀。",
      en: "Where recordings, photos and videos are kept beside the attachments: the prefixes of their names in other systems."),
    Field("elsewhere", .array(of: prefix, max: 20, uniqueBy: nil) { $0 }, default: [])
  ) { MediaRule(elsewhere: $0) }
}

/// A place in a step at which it refers to a medium.
package struct MediaMention: Sendable, Hashable {
  /// Where it stands in the step's body.
  package let pointer: String
  package let kind: OrderMove.Media.Kind
  package let reference: String
  /// How long it is, where whoever took the step said so.
  package let seconds: Int32?

  package init(pointer: String, kind: OrderMove.Media.Kind, reference: String, seconds: Int32?) {
    self.pointer = pointer
    self.kind = kind
    self.reference = reference
    self.seconds = seconds
  }
}

extension OrderMove {
  /// The media that the move refers to.
  package var mentions: [MediaMention] {
    switch self {
    case .replied(let reply): Media.mentions(reply.media)
    case .progressReported(let report): Media.mentions(report.media)
    case .exclusionAsked(let plea), .appealed(let plea): Media.mentions(plea.media)
    case .calledBack(let callback):
      callback.recording.map {
        [MediaMention(pointer: "/recording", kind: .recording, reference: $0, seconds: callback.recordingSeconds)]
      } ?? []
    default: []
    }
  }
}

extension OrderMove.Media {
  fileprivate static func mentions(_ media: [OrderMove.Media]) -> [MediaMention] {
    media.enumerated().map { place, one in
      MediaMention(pointer: "/media/\(place)/reference", kind: one.kind, reference: one.reference, seconds: one.seconds)
    }
  }
}
