// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("Steps of a work order")
struct OrderRulesTests {
  /// From where each step can be taken, besides what it waits for.
  static let stages: [OrderStep: Set<OrderStage>] = [
    .signed: [.received], .verified: [.signed], .classified: [.received, .signed, .verified],
    .outsideRemit: [.verified, .dispatched, .handling],
    .returned: [.received, .signed, .verified], .approvalAsked: [.signed, .verified], .dispatched: [.verified, .dispatched, .handling],
    .handlingBegun: [.dispatched], .urged: [.dispatched, .handling], .progressReported: [.dispatched, .handling],
    .citizenAwaited: [.signed, .verified, .dispatched, .handling], .replied: [.dispatched, .handling], .audited: [.replied],
    .replyRejected: [.replied], .callbackFailed: [.audited], .calledBack: [.audited, .calledBack], .closed: [.calledBack],
    .archived: [.closed], .hung: [.dispatched, .handling], .exclusionAsked: Set(OrderStage.allCases).subtracting([.archived]),
    .edited: Set(OrderStage.allCases).subtracting([.archived]), .appealed: [.calledBack, .closed, .archived, .returned],
    .reopened: [.calledBack, .closed, .archived, .returned], .linked: Set(OrderStage.allCases), .contactCorrected: Set(OrderStage.allCases),
    .received: [], .approved: [], .approvalRefused: [], .exclusionDecided: [], .appealDecided: [], .resumed: [], .citizenAnswered: [],
  ]

  @Test("each step can be taken from the stages of the table and from no other", arguments: OrderStep.allCases)
  func table(_ step: OrderStep) throws {
    let allowed = try #require(Self.stages[step])
    for stage in OrderStage.allCases {
      var order = OrderBench.order()
      order.stage = stage
      #expect((order.refusal(of: step, under: OrderRules()) == nil) == allowed.contains(stage), "\(step) in \(stage)")
    }
  }

  @Test("the main path leads from the intake to the archive")
  func mainPath() {
    var order = OrderBench.order()
    let path: [OrderStep] = [
      .signed, .verified, .dispatched, .handlingBegun, .replied, .audited, .callbackFailed, .calledBack, .closed, .archived,
    ]
    for step in path {
      #expect(order.refusal(of: OrderBench.move(step), by: OrderBench.actor(step), under: OrderRules()) == nil, "\(step)")
      order.go(step)
    }
    #expect(order.stage == .archived && !order.stage.isOpen && order.version == 11)
    #expect(order.seat == OrderBench.seat && order.department == "environment" && order.community == "东里社区")
    #expect(order.resolution == .solved && order.callbackAttempts == 2 && !order.isZeroScore)
    #expect(order.times.signed == (try? OrderBench.start.adding(minutes: 1)))
  }

  @Test("a special case waits for a leader, who is not the one who asked")
  func approval() {
    var order = OrderBench.order(isSpecial: true).after(.signed, .verified)
    #expect(order.refusal(of: .dispatched, under: OrderRules()) == .approval(.none))
    order.go(.approvalAsked)
    #expect(order.waits == [.awaitingApproval])
    #expect(order.refusal(of: .dispatched, under: OrderRules()) == .approval(.asked))
    let approve = OrderMove.approved(remark: nil)
    #expect(order.refusal(of: approve, by: OrderActor(user: OrderBench.leader, side: .vendor), under: OrderRules()) == .side)
    #expect(order.refusal(of: approve, by: OrderActor(user: OrderBench.seat, side: .office), under: OrderRules()) == .ownDeed)
    #expect(order.after(.approvalRefused).refusal(of: .dispatched, under: OrderRules()) == .approval(.refused))
    #expect(order.after(.approvalRefused).refusal(of: .approvalAsked, under: OrderRules()) == nil)
    #expect(order.after(.approved).refusal(of: .dispatched, under: OrderRules()) == nil)
    #expect(order.after(.approved).refusal(of: .approvalAsked, under: OrderRules()) == .already)
  }

  @Test("what a department has found outside the remit goes back and nowhere else")
  func remit() {
    let order = OrderBench.order().after(.signed, .verified, .dispatched)
    #expect(order.refusal(of: .returned, under: OrderRules()) == .inRemit)
    let outside = order.after(.outsideRemit)
    #expect(outside.refusal(of: .returned, under: OrderRules()) == nil)
    #expect(outside.refusal(of: .dispatched, under: OrderRules()) == .outsideRemit)
    #expect(outside.after(.returned).stage == .returned)
  }

  @Test("nobody audits their own reply; a rejected one goes back to be handled")
  func audit() {
    let order = OrderBench.order().after(.signed, .verified, .dispatched, .replied)
    let own = OrderActor(user: OrderBench.handler, side: .office)
    #expect(order.refusal(of: .audited(remark: nil), by: own, under: OrderRules()) == .ownDeed)
    #expect(order.refusal(of: .audited(remark: nil), by: OrderBench.actor(.audited), under: OrderRules()) == nil)
    #expect(order.after(.replyRejected).stage == .handling)
  }

  @Test("an order is closed without a callback after as many attempts as the rules say, or where no citizen waits")
  func closing() {
    var order = OrderBench.order().after(.signed, .verified, .dispatched, .replied, .audited)
    #expect(order.refusal(of: .closed, under: OrderRules()) == .callbacks(3))
    order.go(.callbackFailed, .callbackFailed)
    #expect(order.refusal(of: .closed, under: OrderRules()) == .callbacks(3))
    order.go(.callbackFailed)
    #expect(order.refusal(of: .closed, under: OrderRules()) == nil)
    let inspection = OrderBench.order(.grid).after(.signed, .verified, .dispatched, .replied, .audited)
    #expect(inspection.refusal(of: .closed, under: OrderRules()) == nil)
  }

  @Test("closing needs every item of the contract's checklist, and none that it does not have")
  func checklist() {
    var rules = OrderRules()
    let check = { OrderRules.Check(key: $0, says: Text(zh: $0, en: $0), citation: "1") }
    rules.checks[.closed] = [check("archive.1"), check("archive.2")]
    let order = OrderBench.order().after(.signed, .verified, .dispatched, .replied, .audited, .calledBack)
    let actor = OrderBench.actor(.closed)
    func refusal(_ checked: [String]) -> OrderRefusal? { order.refusal(of: .closed(.init(checked: checked)), by: actor, under: rules) }
    #expect(refusal(["archive.2", "archive.1"]) == nil)
    #expect(refusal(["archive.1"]) == .unchecked([check("archive.2")]))
    #expect(refusal(["archive.1", "archive.2", "x"]) == .unknownChecks(["x"]))
  }

  @Test("an exclusion is asked for once at a time, and decided by somebody else of the office")
  func exclusion() {
    let order = OrderBench.order().after(.signed, .exclusionAsked)
    #expect(order.waits == [.awaitingExclusion])
    #expect(order.refusal(of: .exclusionAsked, under: OrderRules()) == .already)
    let decide = OrderBench.move(.exclusionDecided)
    #expect(order.refusal(of: decide, by: OrderActor(user: OrderBench.leader, side: .vendor), under: OrderRules()) == .side)
    #expect(order.refusal(of: decide, by: OrderActor(user: OrderBench.seat, side: .office), under: OrderRules()) == .ownDeed)
    #expect(order.after(.exclusionDecided).exclusion == .granted)
  }

  @Test("a reopened order is dispatched again, or signed again where it was never verified, and its answers are void")
  func reopening() {
    let done = OrderBench.order().after(.signed, .verified, .dispatched, .replied, .audited, .calledBack, .closed, .archived, .reopened)
    #expect(done.stage == .verified && done.resolution == nil && done.reopenings == 1 && done.times.closed == nil && done.stage.isOpen)
    #expect(OrderBench.order().after(.returned, .reopened).stage == .received)
  }

  @Test("what is waited for ends with the reply, and with the return")
  func waiting() {
    let order = OrderBench.order().after(.signed, .verified, .dispatched, .hung, .citizenAwaited)
    #expect(order.waits == [.hung, .awaitingCitizen])
    #expect(order.refusal(of: .hung, under: OrderRules()) == .already)
    #expect(order.after(.replied).waits.isEmpty)
    #expect(order.after(.resumed, .citizenAnswered).waits.isEmpty)
  }

  @Test("a zero-score order is one that was not contacted, not solved and is not satisfied")
  func zeroScore() {
    for (contacted, resolution, satisfaction, expected) in [
      (false, OrderResolution.unsolved, OrderSatisfaction.dissatisfied, true), (true, .unsolved, .dissatisfied, false),
      (false, .partly, .dissatisfied, false), (false, .unsolved, .basically, false),
    ] {
      var order = OrderBench.order()
      let callback = OrderMove.Callback(
        isContacted: contacted, resolution: resolution, satisfaction: satisfaction, remark: nil, recording: nil)
      order.take(OrderEntry(seq: 2, at: OrderBench.start, actor: nil, side: .system, move: .calledBack(callback)))
      #expect(order.isZeroScore == expected)
    }
  }

  @Test("a contract's checks become the items of the steps they stand at")
  func checksOfContract() {
    let level = ServiceLevel(
      id: "archive", citation: Citation(clause: "一.3", says: Text(zh: "归档", en: "archive"), reading: nil), owner: .vendor, when: nil,
      unless: nil, standard: .check(at: .closed, items: [Text(zh: "甲", en: "a"), Text(zh: "乙", en: "b")]), miss: nil)
    let rules = OrderRules([level])
    #expect(rules.checks[.closed]?.map(\.key) == ["archive.1", "archive.2"])
    #expect(rules.checks[.archived] == nil)
  }
}
