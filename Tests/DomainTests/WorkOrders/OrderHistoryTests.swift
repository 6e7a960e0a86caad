// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("The history of a work order")
struct OrderHistoryTests {
  @Test("what a step says can be written down and read again", arguments: OrderStep.allCases)
  func writing(_ step: OrderStep) throws {
    let move = OrderBench.move(step)
    var writer = JSONWriter()
    writer.value(.object(move.data))
    #expect(try OrderMove.shape(of: step).decode(bytes: writer.bytes).get() == move)
    #expect(move.step == step)
  }

  @Test("every event of the contracts' vocabulary is a step of an order")
  func vocabulary() {
    for event in OrderEvent.allCases { #expect(OrderStep(rawValue: event.rawValue)?.event == event) }
  }

  @Test("a history that begins with no intake, or lacks an entry, comes to nothing")
  func gaps() {
    let intake = OrderEntry(seq: 1, at: OrderBench.start, actor: nil, side: .system, move: .received(OrderBench.facts()))
    let signed = { OrderEntry(seq: $0, at: OrderBench.start, actor: nil, side: .system, move: .signed) }
    #expect(WorkOrder(OrderBench.id, history: [intake, signed(2)])?.stage == .signed)
    #expect(WorkOrder(OrderBench.id, history: []) == nil)
    #expect(WorkOrder(OrderBench.id, history: [signed(1)]) == nil)
    #expect(WorkOrder(OrderBench.id, history: [intake, signed(3)]) == nil)
  }

  /// The way of an order told once more, as plainly as can be: words for where it stands, and what may follow.
  struct Naive {
    var word = "received"
    var flags: Set<String> = []
    var attempts = 0
    var wasVerified = false

    func may(_ step: OrderStep) -> Bool {
      let open = ["dispatched", "handling"].contains(word)
      switch step {
      case .received: return false
      case .signed: return word == "received"
      case .verified: return word == "signed"
      case .classified: return ["received", "signed", "verified"].contains(word)
      case .edited: return word != "archived"
      case .linked, .contactCorrected: return true
      case .outsideRemit: return (open || word == "verified") && !flags.contains("outside")
      case .returned: return ["received", "signed", "verified"].contains(word) || open && flags.contains("outside")
      case .approvalAsked: return ["signed", "verified"].contains(word) && !flags.contains("asked") && !flags.contains("approved")
      case .approved, .approvalRefused: return flags.contains("asked")
      case .dispatched:
        let cleared = flags.contains("approved") || !flags.contains("special")
        return (open || word == "verified") && cleared && flags.isDisjoint(with: ["outside", "asked", "denied"])
      case .handlingBegun: return word == "dispatched"
      case .urged, .progressReported, .replied: return open
      case .hung: return open && !flags.contains("hung")
      case .resumed: return flags.contains("hung")
      case .citizenAwaited: return (open || ["signed", "verified"].contains(word)) && !flags.contains("citizen")
      case .citizenAnswered: return flags.contains("citizen")
      case .audited, .replyRejected: return word == "replied"
      case .callbackFailed: return word == "audited"
      case .calledBack: return ["audited", "calledBack"].contains(word)
      case .closed: return word == "calledBack" || word == "audited" && attempts >= 3
      case .archived: return word == "closed"
      case .exclusionAsked: return word != "archived" && flags.isDisjoint(with: ["excluding", "excluded"])
      case .exclusionDecided: return flags.contains("excluding")
      case .appealed: return ["calledBack", "closed", "archived", "returned"].contains(word) && !flags.contains("appealing")
      case .appealDecided: return flags.contains("appealing")
      case .reopened: return ["calledBack", "closed", "archived", "returned"].contains(word)
      }
    }

    mutating func take(_ step: OrderStep) {
      switch step {
      case .signed, .verified, .dispatched, .replied, .audited, .calledBack, .closed, .archived, .returned: word = step.rawValue
      case .handlingBegun, .replyRejected: word = "handling"
      case .reopened: word = wasVerified ? "verified" : "received"
      default: break
      }
      if step == .verified { wasVerified = true }
      if step == .callbackFailed || step == .calledBack { attempts += 1 }
      if step == .reopened { attempts = 0 }
      let changes: [OrderStep: (on: [String], off: [String])] = [
        .outsideRemit: (["outside"], []), .reopened: ([], ["outside"]), .approvalAsked: (["asked"], ["denied"]),
        .approved: (["approved"], ["asked"]), .approvalRefused: (["denied"], ["asked"]), .hung: (["hung"], []), .resumed: ([], ["hung"]),
        .citizenAwaited: (["citizen"], []), .citizenAnswered: ([], ["citizen"]), .replied: ([], ["hung", "citizen", "asked"]),
        .returned: ([], ["hung", "citizen", "asked"]), .exclusionAsked: (["excluding"], []),
        .exclusionDecided: (["excluded"], ["excluding"]),
        .appealed: (["appealing"], []), .appealDecided: ([], ["appealing"]),
      ]
      if let change = changes[step] { flags = flags.subtracting(change.off).union(change.on) }
    }
  }

  @Test("thousands of random steps, legal and not, go as a plain retelling says, and the history comes to the same order")
  func random() throws {
    let seed = SeededGenerator.freshSeed
    var chance = SeededGenerator(seed: seed)
    var taken = 0
    for _ in 0..<400 {
      let isSpecial = Bool.random(using: &chance)
      var order = OrderBench.order(isSpecial: isSpecial)
      var naive = Naive(flags: isSpecial ? ["special"] : [])
      var history = [
        OrderEntry(seq: 1, at: OrderBench.start, actor: nil, side: .system, move: .received(OrderBench.facts(isSpecial: isSpecial)))
      ]
      for _ in 0..<60 {
        // Mostly what is possible, so that orders get somewhere.
        let possible = order.possible(under: OrderRules())
        let isDrawn = Int.random(in: 0..<4, using: &chance) > 0
        let step = (isDrawn ? possible : OrderStep.allCases).randomElement(using: &chance) ?? .signed
        let allowed = order.refusal(of: OrderBench.move(step), by: OrderBench.actor(step), under: OrderRules()) == nil
        try #require(allowed == naive.may(step), "seed \(seed): \(step) from \(naive)")
        guard allowed else { continue }
        let at = try history[history.count - 1].at.adding(minutes: Int64.random(in: 0...90, using: &chance))
        let entry = OrderEntry(
          seq: order.version + 1, at: at, actor: OrderBench.actor(step).user, side: OrderBench.actor(step).side, move: OrderBench.move(step)
        )
        order.take(entry)
        naive.take(step)
        history.append(entry)
        taken += 1
        try #require(order.stage.rawValue == naive.word, "seed \(seed)")
      }
      #expect(WorkOrder(OrderBench.id, history: history) == order, "seed \(seed)")
    }
    #expect(taken > 10_000)
  }
}
