// SPDX-License-Identifier: Apache-2.0
import Base

/// Who asks, as far as is known: sealed where it is kept, and masked where it is shown.
package struct Citizen: Sendable, Hashable {
  package var name: String?
  package var phone: String?
  package var address: String?
  /// The text as it came, where naming the citizen in it was masked.
  package var content: String?

  package init(name: String? = nil, phone: String? = nil, address: String? = nil, content: String? = nil) {
    self.name = name
    self.phone = phone
    self.address = address
    self.content = content
  }

  package var isEmpty: Bool { name == nil && phone == nil && address == nil && content == nil }

  /// The members of a body that say who asks.
  private static let members: Field<Citizen> = .group(
    Field(optional: "name", .string(minLength: 1, maxLength: 60)), Field(optional: "phone", phoneField),
    Field(optional: "address", .string(minLength: 1, maxLength: 300))
  ) { Citizen(name: $0, phone: $1, address: $2) }

  package static let shape: Shape<Citizen> = .object("citizen", about: Text(zh: "诉求人。", en: "Who asks."), members)

  /// How it is written before it is sealed.
  package static let sealedShape: Shape<Citizen> = .object(members, Field(optional: "content", .string(maxLength: 20_000))) {
    var citizen = $0
    citizen.content = $1
    return citizen
  }

  package var json: JSON {
    var json = JSONObject()
    for (name, value) in [("name", name), ("phone", phone), ("address", address), ("content", content)] {
      if let value { json[name] = .string(value) }
    }
    return .object(json)
  }
}

/// What may be shown of a citizen without asking.
package struct MaskedCitizen: Sendable, Hashable {
  package let name: String?
  package let phone: String?
  package let address: String?

  package init(name: String?, phone: String?, address: String?) {
    self.name = name
    self.phone = phone
    self.address = address
  }

  package init(_ citizen: Citizen) {
    name = citizen.name.map(Self.name)
    phone = citizen.phone.map { _ in citizen.telephones.map(Self.phone).joined(separator: "、") }
    address = citizen.address.map(Self.address)
  }

  /// The first character, then what hides how long the rest is.
  static func name(_ name: String) -> String { String(name.prefix(1)) + "**" }

  /// The first three and the last four digits of a mobile number, the last two of any other.
  private static func phone(_ digits: [UInt8]) -> String {
    let digits = String(decoding: digits, as: UTF8.self)
    return digits.count == 11 ? "\(digits.prefix(3))****\(digits.suffix(4))" : "****\(digits.suffix(2))"
  }

  /// Up to the first number of a house, at most twelve characters.
  static func address(_ address: String) -> String {
    let open = address.prefix(12).prefix { !$0.isNumber }
    return (open.count == address.count ? open.prefix(open.count / 2) : open) + "***"
  }

  /// A number of fewer digits may be any number, and is left where it stands in a text.
  private static let leastDigits = 7

  /// A text without this citizen's name, telephones and house, and without any mobile number.
  ///
  /// A name of one character is left: it would be found in other words.
  package static func text(_ text: String, of citizen: Citizen) -> String {
    var masked = text
    if let name = citizen.name, name.count > 1 { masked = masked.replacing(name, with: Self.name(name)) }
    let telephones = citizen.telephones
    if let phone = citizen.phone {
      masked = masked.replacing(phone, with: MaskedCitizen(citizen).phone ?? "")
      for digits in telephones where digits.count >= Self.leastDigits {
        masked = masked.replacing(String(decoding: digits, as: UTF8.self), with: Self.phone(digits))
      }
    }
    // An address that names a house is somebody's; one that does not is a place.
    if let address = citizen.address, address.contains(where: \.isNumber) {
      masked = masked.replacing(address, with: Self.address(address))
    }
    return numbers(in: masked, and: telephones.filter { $0.count >= leastDigits })
  }

  /// What orders are told apart by, such as a community, without telephones; names are left, since places have people's names.
  package static func label(_ text: String, of citizen: Citizen) -> String {
    numbers(in: text, and: citizen.telephones.filter { $0.count >= leastDigits })
  }

  /// The same of every string of a value, whatever it is a member of, and of the members' names as of labels.
  package static func value(_ json: JSON, of citizen: Citizen) -> JSON {
    switch json {
    case .string(let text): .string(Self.text(text, of: citizen))
    case .array(let elements): .array(elements.map { value($0, of: citizen) })
    case .object(let object): .object(attributes(object, of: citizen))
    default: json
    }
  }

  package static func attributes(_ object: JSONObject, of citizen: Citizen) -> JSONObject {
    var masked = JSONObject(capacity: object.count)
    for member in object.members {
      var name = label(member.name, of: citizen)
      // Two that differ in what is hidden only stay two.
      while masked[name] != nil { name += "*" }
      masked[name] = value(member.value, of: citizen)
    }
    return masked
  }
}

extension OrderMove {
  /// Whether people wrote something in it.
  package var hasWords: Bool {
    var found = false
    _ = masked {
      found = true
      return $0
    }
    let labels: [String?]
    switch self {
    case .edited(let edit):
      if edit.tags != nil || edit.attributes != nil { return true }
      labels = [edit.category, edit.area, edit.community]
    case .verified(let verification):
      if verification.tags != nil { return true }
      labels = [verification.category, verification.area, verification.community]
    default: return found
    }
    return found || labels.contains { $0?.contains(where: \.isNumber) == true }
  }

  /// The same without what names its citizen, and without mobile numbers, in what people wrote: the history is never changed, so none
  /// may get into it.
  package func masked(of citizen: Citizen) -> OrderMove {
    let move = masked { MaskedCitizen.text($0, of: citizen) }
    let text = { MaskedCitizen.text($0, of: citizen) }
    let label = { MaskedCitizen.label($0, of: citizen) }
    switch move {
    case .edited(let edit):
      return .edited(
        OrderEdit(
          title: edit.title, grade: edit.grade, category: edit.category.map(label), area: edit.area.map(label),
          community: edit.community.map(label), tags: edit.tags.map { $0.map(text) },
          attributes: edit.attributes.map { MaskedCitizen.attributes($0, of: citizen) }, isSpecial: edit.isSpecial))
    case .verified(let found):
      return .verified(
        Verification(
          community: label(found.community), category: found.category.map(label), area: found.area.map(label),
          tags: found.tags.map { $0.map(text) }, remark: found.remark))
    default: return move
    }
  }

  private func masked(by mask: (String) -> String) -> OrderMove {
    switch self {
    case .outsideRemit(let reason): return .outsideRemit(reason: mask(reason))
    case .returned(let reason): return .returned(reason: mask(reason))
    case .approvalAsked(let reason): return .approvalAsked(reason: mask(reason))
    case .approved(let remark): return .approved(remark: remark.map(mask))
    case .approvalRefused(let reason): return .approvalRefused(reason: mask(reason))
    case .dispatched(let dispatch):
      return .dispatched(Dispatch(department: dispatch.department, remark: dispatch.remark.map(mask), decisions: dispatch.decisions))
    case .urged(let remark): return .urged(remark: mask(remark))
    case .progressReported(let report): return .progressReported(Progress(progress: mask(report.progress), media: report.media))
    case .citizenAwaited(let reason): return .citizenAwaited(reason: mask(reason))
    case .citizenAnswered(let remark): return .citizenAnswered(remark: remark.map(mask))
    case .replied(let reply):
      return .replied(Reply(handling: mask(reply.handling), result: mask(reply.result), media: reply.media))
    case .audited(let remark): return .audited(remark: remark.map(mask))
    case .replyRejected(let reason): return .replyRejected(reason: mask(reason))
    case .callbackFailed(let remark): return .callbackFailed(remark: remark.map(mask))
    case .calledBack(let callback):
      var masked = Callback(
        isContacted: callback.isContacted, resolution: callback.resolution, satisfaction: callback.satisfaction,
        remark: callback.remark.map(mask), recording: callback.recording)
      masked.recordingSeconds = callback.recordingSeconds
      return .calledBack(masked)
    case .closed(let list): return .closed(Checklist(checked: list.checked, remark: list.remark.map(mask)))
    case .archived(let list): return .archived(Checklist(checked: list.checked, remark: list.remark.map(mask)))
    case .hung(let reason): return .hung(reason: mask(reason))
    case .resumed(let reason): return .resumed(reason: mask(reason))
    case .exclusionAsked(let plea): return .exclusionAsked(Plea(reason: mask(plea.reason), media: plea.media, due: plea.due))
    case .exclusionDecided(let verdict): return .exclusionDecided(Verdict(isGranted: verdict.isGranted, remark: verdict.remark.map(mask)))
    case .appealed(let plea): return .appealed(Plea(reason: mask(plea.reason), media: plea.media, due: plea.due))
    case .appealDecided(let verdict): return .appealDecided(Verdict(isGranted: verdict.isGranted, remark: verdict.remark.map(mask)))
    case .reopened(let reason): return .reopened(reason: mask(reason))
    case .verified(let found):
      return .verified(
        Verification(
          community: found.community, category: found.category, area: found.area, tags: found.tags, remark: found.remark.map(mask)))
    case .contactCorrected(let correction):
      return .contactCorrected(Correction(members: correction.members, reason: mask(correction.reason)))
    case .edited(let edit):
      return .edited(
        OrderEdit(
          title: edit.title.map(mask), grade: edit.grade, category: edit.category, area: edit.area, community: edit.community,
          tags: edit.tags, attributes: edit.attributes, isSpecial: edit.isSpecial))
    case .received, .classified, .signed, .handlingBegun, .linked: return self
    }
  }
}
