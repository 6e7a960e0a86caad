// SPDX-License-Identifier: Apache-2.0
import Base

extension OrderMove {
  /// What the history keeps: the members that the step's shape reads.
  package var data: JSONObject {
    var data = JSONObject()
    switch self {
    case .received(let facts): data = facts.data
    case .classified(let made):
      data.put("category", made.category)
      data.put("grade", made.grade)
      data["special"] = made.isSpecial.map { .bool($0) }
      data.put("decisions", made.decisions)
    case .edited(let edit): data = edit.data
    case .signed, .handlingBegun: break
    case .verified(let verification):
      data["community"] = .string(verification.community)
      data.put("category", verification.category)
      data.put("area", verification.area)
      data["tags"] = verification.tags.map { .array($0.map { .string($0) }) }
      data.put("remark", verification.remark)
    case .outsideRemit(let reason), .returned(let reason), .approvalAsked(let reason), .approvalRefused(let reason),
      .citizenAwaited(let reason), .replyRejected(let reason), .hung(let reason), .resumed(let reason), .reopened(let reason):
      data["reason"] = .string(reason)
    case .approved(let remark), .citizenAnswered(let remark), .audited(let remark), .callbackFailed(let remark):
      data.put("remark", remark)
    case .urged(let remark): data["remark"] = .string(remark)
    case .dispatched(let dispatch):
      data["department"] = .string(dispatch.department)
      data.put("remark", dispatch.remark)
      data.put("decisions", dispatch.decisions)
    case .progressReported(let report):
      data["progress"] = .string(report.progress)
      data["media"] = Media.list(report.media)
    case .replied(let reply):
      data["handling"] = .string(reply.handling)
      data["result"] = .string(reply.result)
      data["media"] = Media.list(reply.media)
    case .calledBack(let callback):
      data["contacted"] = .bool(callback.isContacted)
      data["resolution"] = .string(callback.resolution.rawValue)
      data["satisfaction"] = .string(callback.satisfaction.rawValue)
      data.put("remark", callback.remark)
      data.put("recording", callback.recording)
      data["recordingSeconds"] = callback.recordingSeconds.map { .integer(Int64($0)) }
    case .closed(let list), .archived(let list):
      data["checked"] = .array(list.checked.map { .string($0) })
      data.put("remark", list.remark)
    case .exclusionAsked(let plea), .appealed(let plea):
      data["reason"] = .string(plea.reason)
      data["media"] = Media.list(plea.media)
      data["due"] = plea.due.map { .string("\($0)") }
    case .exclusionDecided(let verdict), .appealDecided(let verdict):
      data["granted"] = .bool(verdict.isGranted)
      data.put("remark", verdict.remark)
    case .linked(let link):
      data["repeats"] = .string("\(link.repeats)")
      data["ground"] = .string(link.ground.rawValue)
    case .contactCorrected(let correction):
      data["members"] = .array(correction.members.map { .string($0) })
      data["reason"] = .string(correction.reason)
    }
    return data
  }
}

extension JSONObject {
  /// Adds a member where there is a word for it.
  fileprivate mutating func put(_ name: String, _ word: String?) {
    if let word { self[name] = .string(word) }
  }

  /// Adds decisions where there are any.
  fileprivate mutating func put(_ name: String, _ decisions: RuleDecisions) {
    if !decisions.all.isEmpty { self[name] = decisions.json }
  }
}

extension OrderMove.Media {
  fileprivate static func list(_ media: [OrderMove.Media]) -> JSON {
    .array(
      media.map { one in
        var json: JSONObject = ["kind": .string(one.kind.rawValue), "reference": .string(one.reference)]
        json["seconds"] = one.seconds.map { .integer(Int64($0)) }
        return .object(json)
      })
  }
}

extension OrderFacts {
  package var data: JSONObject {
    var data: JSONObject = ["source": .string(source.rawValue), "externalNumber": .string(externalNumber)]
    data.put("contract", contract)
    data["grade"] = .string(grade)
    data.put("category", category)
    data.put("area", area)
    data.put("community", community)
    data["title"] = .string(title)
    data["tags"] = .array(tags.map { .string($0) })
    data["attributes"] = .object(attributes)
    data["special"] = .bool(isSpecial)
    data.put("reportedAt", reportedAt?.description)
    data.put("reportedDue", reportedDue?.description)
    data.put("repeats", repeats?.description)
    data.put("decisions", decisions)
    return data
  }
}

extension OrderEdit {
  package var data: JSONObject {
    var data = JSONObject()
    data.put("title", title)
    data.put("grade", grade)
    data.put("category", category)
    data.put("area", area)
    data.put("community", community)
    data["tags"] = tags.map { .array($0.map { .string($0) }) }
    data["attributes"] = attributes.map { .object($0) }
    data["special"] = isSpecial.map { .bool($0) }
    return data
  }
}
