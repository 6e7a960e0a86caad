// SPDX-License-Identifier: Apache-2.0
import Base

@testable import Domain

/// Orders to try steps on.
enum OrderBench {
  static let start = Instant("2026-03-02T09:00:00+08:00")!
  static let seat = UUIDv7("01900000-0000-7000-8000-000000000001")!
  static let leader = UUIDv7("01900000-0000-7000-8000-000000000002")!
  static let handler = UUIDv7("01900000-0000-7000-8000-000000000003")!
  static let supervisor = UUIDv7("01900000-0000-7000-8000-000000000004")!
  static let id = UUIDv7("01900000-0000-7000-8000-00000000000a")!

  static let decisions = RuleDecisions(["urgency": ["revision": 3, "row": "danger", "then": ["grade": "2h"]]])!

  static func facts(_ source: OrderSource = .city, isSpecial: Bool = false) -> OrderFacts {
    OrderFacts(
      source: source, externalNumber: "A-1", contract: "c-1", grade: "7d", category: "环境", area: "东片", community: nil, title: "垃圾清运不及时",
      tags: ["保洁"], attributes: ["massIncident": false], isSpecial: isSpecial, reportedAt: nil, reportedDue: nil)
  }

  static func order(_ source: OrderSource = .city, isSpecial: Bool = false) -> WorkOrder {
    WorkOrder(id, facts(source, isSpecial: isSpecial), at: start)
  }

  /// A move of each step.
  static func move(_ step: OrderStep) -> OrderMove {
    switch step {
    case .received: .received(facts())
    case .classified:
      .classified(
        .init(category: "市容", grade: "24h", isSpecial: nil, decisions: decisions))
    case .edited:
      .edited(
        OrderEdit(
          title: "改过的标题", grade: nil, category: nil, area: nil, community: nil, tags: ["甲", "乙"], attributes: ["k": 1], isSpecial: nil))
    case .signed: .signed
    case .verified: .verified(.init(community: "东里社区", category: "环境", area: nil, tags: nil, remark: "已核实"))
    case .outsideRemit: .outsideRemit(reason: "属区水务局")
    case .returned: .returned(reason: "非本单位职责")
    case .approvalAsked: .approvalAsked(reason: "群体性诉求")
    case .approved: .approved(remark: nil)
    case .approvalRefused: .approvalRefused(reason: "先核实人数")
    case .dispatched: .dispatched(.init(department: "environment", decisions: decisions))
    case .handlingBegun: .handlingBegun
    case .urged: .urged(remark: "临近时限")
    case .progressReported: .progressReported(.init(progress: "已约施工队", media: [.init(kind: .photo, reference: "p-1")]))
    case .citizenAwaited: .citizenAwaited(reason: "约定周末入户")
    case .citizenAnswered: .citizenAnswered(remark: nil)
    case .replied: .replied(.init(handling: "已清运", result: "恢复正常", media: [.init(kind: .photo, reference: "p-2")]))
    case .audited: .audited(remark: "属实")
    case .replyRejected: .replyRejected(reason: "照片不清")
    case .callbackFailed: .callbackFailed(remark: "无人接听")
    case .calledBack:
      .calledBack(.init(isContacted: true, resolution: .solved, satisfaction: .satisfied, remark: nil, recording: "r-1"))
    case .closed: .closed(.init(checked: []))
    case .archived: .archived(.init(checked: []))
    case .hung: .hung(reason: "需立项")
    case .resumed: .resumed(reason: "已立项")
    case .exclusionAsked: .exclusionAsked(.init(reason: "诉求不合理", media: [], due: CivilDate("2026-03-20")))
    case .exclusionDecided: .exclusionDecided(.init(isGranted: true, remark: nil))
    case .appealed: .appealed(.init(reason: "已办理", media: [], due: nil))
    case .appealDecided: .appealDecided(.init(isGranted: false, remark: "维持"))
    case .reopened: .reopened(reason: "再次发生")
    case .linked: .linked(.init(repeats: seat, ground: .phone))
    case .contactCorrected: .contactCorrected(.init(members: ["phone"], reason: "号码有误"))
    }
  }

  static func actor(_ step: OrderStep) -> OrderActor {
    switch step {
    case .approved, .approvalRefused, .hung, .resumed: OrderActor(user: leader, side: .office)
    case .audited, .replyRejected, .exclusionDecided, .appealDecided: OrderActor(user: supervisor, side: .office)
    case .replied, .handlingBegun, .progressReported: OrderActor(user: handler, side: .office)
    default: OrderActor(user: seat, side: .vendor)
    }
  }
}

extension WorkOrder {
  /// Takes steps one after the other, whether or not they may be taken.
  mutating func go(_ steps: OrderStep...) {
    for step in steps {
      let at = try? times.changed.adding(minutes: 1)
      take(
        OrderEntry(
          seq: version + 1, at: at ?? times.changed, actor: OrderBench.actor(step).user, side: OrderBench.actor(step).side,
          move: OrderBench.move(step)))
    }
  }

  func after(_ steps: OrderStep...) -> WorkOrder {
    var order = self
    for step in steps { order.go(step) }
    return order
  }
}
