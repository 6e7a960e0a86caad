// SPDX-License-Identifier: Apache-2.0
import Base

/// A line of the ledger on a key complainant 重点诉求人台账: a meeting, a visit or a counselling; written once.
package struct ComplainantRecord: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A meeting on or with the complainant 研判、约谈.
    case meeting
    /// A regular callback of the visit plan 回访.
    case visit
    /// Counselling 心理疏导.
    case counselling
  }

  package enum Form: String, Sendable, Hashable, CaseIterable {
    /// Of a meeting: among those who handle the case 研判, or with the complainant 约谈.
    case assessment, interview
    /// Of a visit or a counselling.
    case telephone, inPerson
  }

  package let kind: Kind
  package let form: Form
  /// The day on which it was.
  package let day: CivilDate
  /// Whether the complainant was reached; only a visit that reached them moves the plan on.
  package let isReached: Bool
  package let notes: Notes

  /// What is personal in it: sealed where it is kept, read in clear only with a reason.
  package struct Notes: Sendable, Hashable {
    /// Who took part, by name or office.
    package let participants: [String]
    package let text: String

    package init(participants: [String], text: String) {
      self.participants = participants
      self.text = text
    }

    package var json: JSON { ["participants": .array(participants.map { .string($0) }), "notes": .string(text)] }
  }
}

extension ComplainantRecord {
  private static let notes: Field<Notes> = .group(
    Field("participants", .array(of: .string(minLength: 1, maxLength: 60), max: 50), default: []),
    Field("notes", .string(minLength: 1, maxLength: 8000))
  ) { Notes(participants: $0, text: $1) }

  /// How notes are read after they were opened.
  package static let notesShape: Shape<Notes> = .object(notes) { $0 }

  package static let shape: Shape<ComplainantRecord> = Shape<ComplainantRecord>.object(
    "complainantRecord",
    about: Text(
      zh: "台账一条：研判或约谈、回访、心理疏导。参加人与记录加密保存。",
      en: "A line of the ledger: a meeting, a visit, a counselling. Participants and notes are sealed."),
    Field("kind", .enumeration(Kind.self)), Field("form", .enumeration(Form.self)), Field("on", .date),
    Field("reached", .bool, default: true),
    notes
  ) { ComplainantRecord(kind: $0, form: $1, day: $2, isReached: $3, notes: $4) }.refine { record in
    let forms: [Form] = record.kind == .meeting ? [.assessment, .interview] : [.telephone, .inPerson]
    if !forms.contains(record.form) {
      let known = forms.map(\.rawValue).joined(separator: ", ")
      return Fault(
        pointer: "/form", code: "bad-combination",
        detail: Text(zh: "\(record.kind.rawValue) 的 form 须为：\(known)。", en: "The form of a \(record.kind.rawValue) is one of: \(known)."))
    }
    return record.kind != .visit && !record.isReached
      ? Fault(pointer: "/reached", code: "bad-combination", detail: Text(zh: "仅回访可以未通。", en: "Only a visit may have reached nobody.")) : nil
  }
}

/// What makes somebody a key complainant.
package enum ComplainantGround: String, Sendable, Hashable, CaseIterable {
  /// The same telephone again and again.
  case phone
  /// The same matter again and again.
  case content
  /// What those who handle it judge.
  case judgement
}
