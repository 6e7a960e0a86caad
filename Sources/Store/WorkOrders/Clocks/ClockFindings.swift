// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

extension OrderClock {
  /// What the office's log says of a clock whose warning or miss is told.
  ///
  /// - Parameters:
  ///   - number: by which the source knows the order.
  ///   - department: where the order is handled.
  func notice(of number: String, at department: String?) -> JSON {
    var data: JSONObject = [
      "externalNumber": .string(number), "rule": .string(rule.id), "number": .integer(Int64(self.number)),
      "document": .string(rule.source.code), "owner": .string(rule.owner.rawValue),
    ]
    data["due"] = deadline.map { .string("\($0.due)") }
    data["department"] = department.map { .string($0) }
    return .object(data)
  }
}

extension OfficeClocks {
  /// The incident that a missed clock proposes: where it is the vendor's and lies in the time for which the contract provides.
  ///
  /// - Parameters:
  ///   - seat: who signed the order.
  ///   - id: of the incident.
  package func proposal(
    ofMissed clock: OrderClock, of order: UUIDv7, seat: UUIDv7?, id: @autoclosure () -> UUIDv7, at now: Instant
  ) -> IncidentStore.SystemProposal? {
    let rule = clock.rule
    guard rule.owner == .vendor, let miss = rule.miss, rule.source.kind == .contract, let moment = clock.deadline?.due,
      let day = clock.lastDay, covers(day, rule.source.code),
      let kind = paper(of: rule.source.code, on: day)?.document.appraisal.incidents.first(where: { $0.id == miss })
    else { return nil }
    let text = ClockExplanation(of: clock, reckoner, at: now).text
    let start = String(clock.started.microseconds, radix: 36)
    return IncidentStore.SystemProposal(
      id: id(), contract: rule.source.code, kind: kind,
      occurred: clock.limit.span.isOfMoments ? moment : Instant(microseconds: moment.microseconds - 1) ?? moment,
      about: .order(order, seat: seat), description: text.zh + "\n" + text.en,
      evidence: [
        ["kind": "workOrder", "reference": .string("\(order)")],
        ["kind": "clock", "reference": .string("\(rule.id)/\(clock.number)"), "note": .string("\(rule.citation.clause)")],
      ], source: .clock, number: "\(order)/\(rule.id.prefix(40))/\(start)/\(clock.number)")
  }

  /// The incidents that a zero-score order 零分工单 proposes, where the contract speaks of them and provides for the day.
  ///
  /// - Parameters:
  ///   - entry: the callback that found it.
  ///   - identity: makes identifiers.
  package func proposals(
    ofZeroScore order: WorkOrder, by entry: OrderEntry, under contract: String, identity: (Instant) -> UUIDv7
  ) -> [IncidentStore.SystemProposal] {
    let day = entry.at.date
    guard let paper = paper(of: contract, on: day), covers(day, contract) else { return [] }
    return paper.document.appraisal.incidents.filter { $0.finding == .zeroScore }.map { kind in
      IncidentStore.SystemProposal(
        id: identity(entry.at), contract: contract, kind: kind, occurred: entry.at, about: .order(order.id, seat: order.seat),
        description:
          "工单 \(order.externalNumber) 回访：未响应、未解决、不满意。\nOrder \(order.externalNumber), called back: not contacted, not solved, dissatisfied.",
        evidence: [
          ["kind": "workOrder", "reference": .string("\(order.id)")],
          ["kind": "event", "reference": .string("\(order.id)/\(entry.seq)"), "note": .string(kind.citation.clause)],
        ], source: .zeroScore, number: "\(order.id)/\(order.reopenings)/\(kind.id.prefix(40))")
    }
  }
}
