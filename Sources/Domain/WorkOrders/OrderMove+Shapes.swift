// SPDX-License-Identifier: Apache-2.0
import Base

/// How moves are written: in a request's body and in the history alike.
extension OrderMove {
  static let label: Shape<String> = .string(minLength: 1, maxLength: 60)
  static let words: Shape<String> = .string(minLength: 1, maxLength: 4000)
  private static let remark = Field(optional: "remark", words)
  private static let labels: Shape<[String]> = .array(of: label, max: 50)
  private static let attributeMap: Shape<OrderedMap<JSON>> = .map(keys: .string(minLength: 1, maxLength: 60), of: .any, max: 100)
  private static let attributes: Shape<JSONObject> = attributeMap.map { map in
    JSONObject(map.entries.map { JSONObject.Member(name: $0.name, value: $0.value) })
  }

  /// `{"reason": …}`.
  package static let reason: Shape<String> = .object("orderReason", Field("reason", words)) { $0 }
  /// `{"remark": …}`, which may be left out.
  package static let remarkOnly: Shape<String?> = .object("orderRemark", remark) { $0 }
  /// `{"remark": …}`.
  package static let demand: Shape<String> = .object("orderDemand", Field("remark", words)) { $0 }
  /// `{}`.
  package static let nothing: Shape<Void> = .object { () }

  private static let decided: Shape<RuleDecisions> = Shape<JSON>.any.convert { json in
    RuleDecisions(json).map { .success($0) }
      ?? .failure(Fault(code: "bad-format", detail: Text(zh: "不是决策记录。", en: "This is no record of decisions.")))
  }

  /// How long a recording is, up to a hundred hours.
  package static let duration: Shape<Int32> = .integer(0...360_000)

  private static let media: Shape<Media> = .object(
    "orderMedia", about: Text(zh: "录音、照片、视频或文件，及其存放处的名称。", en: "A recording, photo, video or document, and its name where it is kept."),
    Field("kind", .enumeration(Media.Kind.self)), Field("reference", .string(minLength: 1, maxLength: 200)),
    Field(optional: "seconds", duration)
  ) {
    var media = Media(kind: $0, reference: $1)
    media.seconds = $2
    return media
  }

  private static let someMedia = Field("media", .array(of: media, max: 100), default: [])

  /// What an order says of itself, as members of an object.
  package static let factMembers: Field<OrderFacts> = .group(
    Field("source", .enumeration(OrderSource.self)), Field("externalNumber", .string(minLength: 1, maxLength: 100)),
    Field(optional: "contract", .code), Field("grade", label), Field(optional: "category", label), Field(optional: "area", label),
    Field(optional: "community", label), Field("title", .string(minLength: 1, maxLength: 200)), Field("tags", labels, default: []),
    Field("attributes", attributes, default: [:]), Field("special", .bool, default: false), Field(optional: "reportedAt", .instant),
    Field(optional: "reportedDue", .instant)
  ) {
    OrderFacts(
      source: $0, externalNumber: $1, contract: $2, grade: $3, category: $4, area: $5, community: $6, title: $7, tags: $8, attributes: $9,
      isSpecial: $10, reportedAt: $11, reportedDue: $12)
  }

  /// With what was found out at the intake.
  private static let facts: Shape<OrderFacts> = .object(
    factMembers, Field(optional: "repeats", .uuid), Field("decisions", decided, default: [:])
  ) { facts, repeats, decisions in
    var facts = facts
    facts.repeats = repeats
    facts.decisions = decisions
    return facts
  }

  private static let classification: Shape<Classification> = .object(
    Field(optional: "category", label), Field(optional: "grade", label), Field(optional: "special", .bool),
    Field("decisions", decided, default: [:])
  ) { Classification(category: $0, grade: $1, isSpecial: $2, decisions: $3) }

  /// The members of an edit that change the order itself.
  package static let editMembers: Field<OrderEdit> = .group(
    Field(optional: "title", .string(minLength: 1, maxLength: 200)), Field(optional: "grade", label), Field(optional: "category", label),
    Field(optional: "area", label), Field(optional: "community", label), Field(optional: "tags", labels),
    Field(optional: "attributes", attributes), Field(optional: "special", .bool)
  ) {
    OrderEdit(title: $0, grade: $1, category: $2, area: $3, community: $4, tags: $5, attributes: $6, isSpecial: $7)
  }

  private static let edit: Shape<OrderEdit> = .object(editMembers)

  /// The members of a verification that the history keeps.
  package static let verificationMembers: Field<Verification> = .group(
    Field("community", label), Field(optional: "category", label), Field(optional: "area", label), Field(optional: "tags", labels), remark
  ) { Verification(community: $0, category: $1, area: $2, tags: $3, remark: $4) }

  private static let verification: Shape<Verification> = .object(verificationMembers)

  private static let dispatch: Shape<Dispatch> = .object(Field("department", .code), remark, Field("decisions", decided, default: [:])) {
    Dispatch(department: $0, remark: $1, decisions: $2)
  }

  package static let progress: Shape<Progress> = .object("orderProgress", Field("progress", words), someMedia) {
    Progress(progress: $0, media: $1)
  }

  package static let reply: Shape<Reply> = .object(
    "orderReply", about: Text(zh: "办理情况、结果，及录音、照片或视频。", en: "What was done, what came of it, and recordings, photos or video."),
    Field("handling", words), Field("result", words), Field("media", .array(of: media, min: 1, max: 100))
  ) { Reply(handling: $0, result: $1, media: $2) }.refine { reply in
    reply.media.contains { $0.kind != .document }
      ? nil
      : Fault(
        pointer: "/media", code: "missing-member",
        detail: Text(zh: "须附录音、照片或视频。", en: "A recording, a photo or a video is needed."))
  }

  package static let callback: Shape<Callback> = .object(
    "orderCallback", about: Text(zh: "回访到诉求人时的三率。", en: "The three rates, from the citizen."),
    Field("contacted", .bool), Field("resolution", .enumeration(OrderResolution.self)),
    Field("satisfaction", .enumeration(OrderSatisfaction.self)), remark,
    Field(optional: "recording", .string(minLength: 1, maxLength: 200)), Field(optional: "recordingSeconds", duration)
  ) {
    var callback = Callback(isContacted: $0, resolution: $1, satisfaction: $2, remark: $3, recording: $4)
    callback.recordingSeconds = $5
    return callback
  }

  package static let checklist: Shape<Checklist> = .object(
    "orderChecklist", about: Text(zh: "已查验的项目。", en: "The items that were checked off."),
    Field("checked", .array(of: .string(minLength: 1, maxLength: 80), max: 100, uniqueBy: nil) { $0 }, default: []), remark
  ) { Checklist(checked: $0, remark: $1) }

  package static let plea: Shape<Plea> = .object("orderPlea", Field("reason", words), someMedia, Field(optional: "due", .date)) {
    Plea(reason: $0, media: $1, due: $2)
  }

  package static let verdict: Shape<Verdict> = .object("orderVerdict", Field("granted", .bool), remark) {
    Verdict(isGranted: $0, remark: $1)
  }

  package static let link: Shape<Link> = .object(
    "orderLink", Field("repeats", .uuid), Field("ground", .enumeration(Link.Ground.self), default: "judgement")
  ) { Link(repeats: $0, ground: $1) }

  private static let correction: Shape<Correction> = .object(
    Field("members", .array(of: label, max: 10)), Field("reason", words)
  ) { Correction(members: $0, reason: $1) }

  /// How a step of the history is read.
  package static func shape(of step: OrderStep) -> Shape<OrderMove> { shapes[step] ?? nothing.map { .signed } }

  private static let shapes: [OrderStep: Shape<OrderMove>] = [
    .received: facts.map { .received($0) }, .classified: classification.map { .classified($0) }, .edited: edit.map { .edited($0) },
    .signed: nothing.map { .signed }, .verified: verification.map { .verified($0) },
    .outsideRemit: reason.map { .outsideRemit(reason: $0) },
    .returned: reason.map { .returned(reason: $0) }, .approvalAsked: reason.map { .approvalAsked(reason: $0) },
    .approved: remarkOnly.map { .approved(remark: $0) }, .approvalRefused: reason.map { .approvalRefused(reason: $0) },
    .dispatched: dispatch.map { .dispatched($0) }, .handlingBegun: nothing.map { .handlingBegun },
    .urged: demand.map { .urged(remark: $0) },
    .progressReported: progress.map { .progressReported($0) }, .citizenAwaited: reason.map { .citizenAwaited(reason: $0) },
    .citizenAnswered: remarkOnly.map { .citizenAnswered(remark: $0) }, .replied: reply.map { .replied($0) },
    .audited: remarkOnly.map { .audited(remark: $0) }, .replyRejected: reason.map { .replyRejected(reason: $0) },
    .callbackFailed: remarkOnly.map { .callbackFailed(remark: $0) }, .calledBack: callback.map { .calledBack($0) },
    .closed: checklist.map { .closed($0) }, .archived: checklist.map { .archived($0) }, .hung: reason.map { .hung(reason: $0) },
    .resumed: reason.map { .resumed(reason: $0) }, .exclusionAsked: plea.map { .exclusionAsked($0) },
    .exclusionDecided: verdict.map { .exclusionDecided($0) }, .appealed: plea.map { .appealed($0) },
    .appealDecided: verdict.map { .appealDecided($0) }, .reopened: reason.map { .reopened(reason: $0) }, .linked: link.map { .linked($0) },
    .contactCorrected: correction.map { .contactCorrected($0) },
  ]
}
