// SPDX-License-Identifier: Apache-2.0
import Base

/// What stands under an office's score sheets: the title of the opinion, and those of the places to sign.
package struct SheetSignatures: Sendable, Hashable {
  package let opinion: Text
  /// Of whoever countersigned it, and of whoever filled and signed it.
  package let countersigned: Text
  package let signed: Text
  /// Of places that are signed on paper only, beneath.
  package let onPaper: [Text]

  private init(opinion: Text?, countersigned: Text?, signed: Text?, onPaper: [Text]) {
    self.opinion = opinion ?? Text(zh: "评估意见", en: "Opinion")
    self.countersigned = countersigned ?? Text(zh: "会签", en: "Countersigned")
    self.signed = signed ?? Text(zh: "填表签字", en: "Filled and signed")
    self.onPaper = onPaper
  }

  /// Where an office says nothing.
  package static let usual = SheetSignatures(opinion: nil, countersigned: nil, signed: nil, onPaper: [])

  private static let title: Shape<Text> = Text.shape.refine { title in
    title.zh.count > 40 || title.en.count > 80
      ? Fault(code: "too-long", detail: Text(zh: "至多四十字，英文至多八十个字符。", en: "At most 40 characters in Chinese and 80 in English.")) : nil
  }

  /// `settings.appraisal.signatures` of `office.json`.
  static let shape: Shape<SheetSignatures> = .object(
    "sheetSignatures",
    about: Text(
      zh: "评价表下方的各栏名称：意见、会签人、填表人，以及仅在纸上签字的其他各栏。",
      en:
        "The titles under a score sheet: of the opinion, of who countersigned and who filled it, and of further places, signed on paper only."
    ),
    Field(optional: "opinion", title), Field(optional: "countersigned", title), Field(optional: "signed", title),
    Field("onPaper", .array(of: title, max: 6), default: [])
  ) { SheetSignatures(opinion: $0, countersigned: $1, signed: $2, onPaper: $3) }.refine { titles in
    // Two people sign; who reads the sheet is to see which of them did what.
    titles.countersigned.zh == titles.signed.zh || titles.countersigned.en == titles.signed.en
      ? Fault(
        pointer: "/signed", code: "bad-combination",
        detail: Text(zh: "会签人与填表人两栏不得同名。", en: "The two who sign must have titles that differ.")) : nil
  }
}
