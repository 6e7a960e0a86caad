// SPDX-License-Identifier: Apache-2.0
import Base

/// Clocks and posts: duties without a time, clocks that nothing follows, what never starts, posts that nobody holds.
extension PaperLint {
  func duties() -> [Finding] {
    var findings: [Finding] = []
    for (index, duty) in service.duties.enumerated() {
      let (clause, pointer) = (duty.citation.clause, "/duties/\(index)")
      let who = duty.who.name
      switch duty.timing {
      case .untimed:
        findings.append(noClock(duty, clause, pointer, Text(zh: "没有期限", en: "no time at all")))
      case .due(let rule) where !rule.hasLimit:
        findings.append(noClock(duty, clause, pointer, rule.text, said: rule.words))
      case .due(let rule):
        if case .after(let events, _) = rule, let itself = events.first(where: { duty.doneBy == [$0] }) {
          findings.append(
            Finding(
              .waitsForItself, clause, duty.id, at: pointer + "/due", values: [Words.both(itself.code), Words.both(duty.id)],
              zh: "义务“\(duty.id)”的期限自它自身的完成（\(itself.code)）起算，永不开始。",
              en: "The duty “\(duty.id)” is due after what does it (\(itself.code)): its time never begins."))
        }
        if !hasConsequence(duty) { findings.append(Self.noConsequence(duty.id, who, rule.text, said: rule.words, in: clause, at: pointer)) }
      case .every(let span):
        if !hasConsequence(duty) {
          let every = Text(zh: "每 \(span.text.zh)", en: "every \(span.text.en)")
          findings.append(Self.noConsequence(duty.id, who, every, in: clause, at: pointer))
        }
      }
    }
    return findings
  }

  /// - Parameter said: the rule in the reader's words, where its value has the vocabulary's.
  private func noClock(_ duty: Duty, _ clause: String, _ pointer: String, _ rule: Text, said: Text? = nil) -> Finding {
    let said = said ?? rule
    return Finding(
      .noClock, clause, duty.id, at: pointer, values: [rule],
      zh: "\(duty.who.name.zh)的义务“\(duty.id)”没有最后一日（\(said.zh)），无从逾期。",
      en: "The duty “\(duty.id)” of \(duty.who.name.en) has no last day (\(said.en)), so it is never late.")
  }

  /// - Parameter said: the limit in the reader's words, where its value has the vocabulary's.
  static func noConsequence(
    _ id: String, _ who: Text, _ limit: Text, said: Text? = nil, in clause: String, at pointer: String
  ) -> Finding {
    let said = said ?? limit
    return Finding(
      .noConsequence, clause, id, at: pointer, values: [limit],
      zh: "\(who.zh)逾“\(id)”之期（\(said.zh)），并无专门的后果：没有情形、金额、权利或视同与之相连。",
      en: "Nothing of its own follows when \(who.en) misses “\(id)” (\(said.en)): no incident, no amount, no right, nothing deemed.")
  }

  /// Whether missing it deems something, costs something, opens a right, or stops a payment.
  private func hasConsequence(_ duty: Duty) -> Bool {
    if duty.deems != nil || duty.miss != nil || terms.renewal?.notice == duty.id { return true }
    if appraisal.consequences.contains(where: { $0.measure.duty == duty.id || $0.excusedBy.contains(.declared(duty.id)) }) { return true }
    return duty.doneBy.contains { done in terms.payments.contains { $0.needs.contains(done) } }
  }

  /// Clocks of work orders that propose nothing when the vendor misses them, and recurrences that never begin.
  func levels() -> [Finding] {
    var findings: [Finding] = []
    for (index, level) in service.levels.enumerated() {
      let (clause, pointer) = (level.citation.clause, "/levels/\(index)")
      switch level.standard {
      case .clock(let clock) where level.owner == .vendor && level.miss == nil:
        findings.append(Self.noConsequence(level.id, Party.vendor.name, clock.limit.text, in: clause, at: pointer))
      case .recurring(let recurrence):
        let (span, event) = (recurrence.every, recurrence.to)
        if recurrence.state == nil {
          findings.append(
            Finding(
              .recurrenceStateless, clause, level.id, at: pointer, values: [span.text, Words.both(event.rawValue)],
              zh: "“\(level.id)”每 \(span.text.zh)一次，但没有说明工单处于哪一状态才须如此；工单未办结即一直计时。",
              en:
                "“\(level.id)” recurs every \(span.text.en), and no state of a work order is named for it: it runs as long as the order is open."
            ))
        }
        if level.owner == .vendor, level.miss == nil {
          findings.append(
            Self.noConsequence(
              level.id, Party.vendor.name, Text(zh: "每 \(span.text.zh)", en: "every \(span.text.en)"), in: clause, at: pointer))
        }
      default: break
      }
    }
    return findings
  }

  /// Posts that nobody holds on any day of the term.
  func posts() -> [Finding] {
    let term = terms.term.range
    return (service.staffing?.posts ?? []).enumerated().compactMap { index, post in
      let isHeld = lint.assignments.contains { assignment in
        assignment.post == post.id && assignment.from <= term.last && (assignment.to ?? term.last) >= term.first
      }
      if isHeld { return nil }
      let places = post.count.map { "\($0)" } ?? ""
      return Finding(
        .postUnassigned, post.citation.clause, post.id, at: "/staffing/posts/\(index)", values: [Words.both(places), Words.both("0")],
        zh: "岗位“\(post.id)”（\(post.citation.says.zh)）在合同期内无人任职。",
        en: "Nobody holds the post “\(post.id)” (\(post.citation.says.en)) on any day of the term.")
    }
  }

  /// Wordings that had to be understood in one of several ways.
  func readings() -> [Finding] {
    document.sections.flatMap(\.items).compactMap { item -> Finding? in
      item.citation.reading.map { reading(item.id, item.citation, $0) }
    } + (document.revision.citation.reading.map { [reading("revision", document.revision.citation, $0)] } ?? [])
  }

  private func reading(_ id: String, _ citation: Citation, _ reading: Text) -> Finding {
    Finding(.readAs, citation.clause, id, values: [reading], zh: "理解：\(reading.zh)", en: "It is read so: \(reading.en)")
  }
}

extension Measure {
  /// The duty whose lateness or miss it counts.
  fileprivate var duty: String? {
    switch self {
    case .missed(let id), .daysLate(.duty(let id)): id
    default: nil
    }
  }
}

extension ServiceLevel.Limit {
  fileprivate var text: Text {
    switch self {
    case .within(let span): span.text
    case .stages(let spans): Words.list(spans.map(\.text))
    case .own: Text(zh: "工单自身时限", en: "the order's own limit")
    }
  }
}
