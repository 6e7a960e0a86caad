// SPDX-License-Identifier: Apache-2.0
import Base

extension ContractDocument {
  /// What the items of one document say about each other that cannot be.
  ///
  /// - Returns: faults with pointers into the document: names that stand for nothing, names used twice, parts that do not fit together.
  func brokenReferences() -> [Fault] {
    var check = ReferenceCheck(self)
    check.checkIdentities()
    check.checkEvents()
    check.checkPayments()
    check.checkConsequences()
    check.checkRest()
    return check.faults
  }
}

/// One walk over a document with its names at hand.
private struct ReferenceCheck {
  let document: ContractDocument
  let events: Set<String>
  let incidents: Set<String>
  let duties: Set<String>
  let paying: Set<String>
  var faults: [Fault] = []

  init(_ document: ContractDocument) {
    self.document = document
    events = Set(document.appraisal.events.map(\.id))
    incidents = Set(document.appraisal.incidents.map(\.id))
    duties = Set(document.service.duties.map(\.id))
    paying = Set(document.appraisal.consequences.lazy.filter { $0.charge != nil }.map(\.id))
  }

  mutating func fail(_ pointer: String, _ code: String, zh: String, en: String) {
    faults.append(Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en)))
  }

  mutating func require(_ name: String, in names: Set<String>, _ pointer: String, _ kind: Text) {
    if names.contains(name) { return }
    fail(pointer, "unknown-reference", zh: "没有标识为“\(name)”的\(kind.zh)。", en: "There is no \(kind.en) called “\(name)”.")
  }

  // MARK: names

  /// A name stands for one item of the whole document, so that a line of a statement can name its rule alone.
  mutating func checkIdentities() {
    let terms = document.terms
    let appraisal = document.appraisal
    let service = document.service
    var items: [(String, String)] = [(terms.signing.id, "/signing"), (terms.term.id, "/term"), (terms.total.id, "/total")]
    for (id, pointer) in [
      (terms.audit?.id, "/audit"), (terms.carryOver?.id, "/carryOver"), (terms.retention?.id, "/retention"),
      (terms.holdOver?.id, "/holdOver"),
      (terms.renewal?.id, "/renewal"), (service.staffing?.id, "/staffing"),
    ] {
      if let id { items.append((id, pointer)) }
    }
    let lists: [(String, [String])] = [
      ("payments", terms.payments.map(\.id)), ("events", appraisal.events.map(\.id)), ("incidents", appraisal.incidents.map(\.id)),
      ("scores", appraisal.scores.map(\.id)), ("grades", appraisal.grades.map(\.id)), ("sheets", appraisal.sheets.map(\.id)),
      ("consequences", appraisal.consequences.map(\.id)), ("caps", appraisal.caps.map(\.id)), ("duties", service.duties.map(\.id)),
      ("levels", service.levels.map(\.id)), ("provisions", service.provisions.map(\.id)),
    ]
    for (list, ids) in lists { items += ids.enumerated().map { ($0.element, "/\(list)/\($0.offset)") } }
    var seen: [String: String] = [:]
    for (id, pointer) in items {
      if let first = seen.updateValue(pointer, forKey: id) {
        fail(pointer + "/id", "duplicate", zh: "标识“\(id)”已用于 \(first)。", en: "The name “\(id)” is already used at \(first).")
      }
    }
  }

  // MARK: events

  mutating func require(_ event: ContractEvent, _ pointer: String) {
    guard case .declared(let id) = event else { return }
    require(id, in: events, pointer, Text(zh: "事件", en: "event"))
  }

  mutating func deadline(_ rule: DeadlineRule, _ pointer: String) {
    switch rule {
    case .on: break
    case .after(let events, _): for (index, event) in events.enumerated() { require(event, "\(pointer)/after/\(index)") }
    case .before(let event, _): require(event, "\(pointer)/before")
    case .agreed(let event): require(event, "\(pointer)/agreed")
    case .earliest(let parts): for (index, part) in parts.enumerated() { deadline(part, "\(pointer)/earliest/\(index)") }
    case .latest(let parts): for (index, part) in parts.enumerated() { deadline(part, "\(pointer)/latest/\(index)") }
    }
  }

  mutating func checkEvents() {
    for (index, event) in document.appraisal.events.enumerated() where KnownEvent(rawValue: event.id) != nil {
      fail("/events/\(index)/id", "duplicate", zh: "“\(event.id)”是内置事件名。", en: "“\(event.id)” is the name of a known event.")
    }
    for (index, duty) in document.service.duties.enumerated() {
      let pointer = "/duties/\(index)"
      if case .due(let rule) = duty.timing { deadline(rule, pointer + "/due") }
      for (place, event) in duty.doneBy.enumerated() { require(event, "\(pointer)/doneBy/\(place)") }
      if let deems = duty.deems {
        require(deems, pointer + "/deems")
        if !duty.doneBy.contains(deems) {
          fail(pointer + "/deems", "bad-combination", zh: "视同的事件须列于 doneBy。", en: "What is deemed must be one of doneBy.")
        }
      }
      check(proposalsOf: duty, pointer)
    }
    if let retention = document.terms.retention { deadline(retention.release, "/retention/release") }
    if let staffing = document.service.staffing { check(staffing) }
    for (index, series) in document.appraisal.grades.enumerated() {
      if let event = series.proposed { check(event, of: series, "/grades/\(index)/events/proposed") }
      if let event = series.decided { check(event, of: series, "/grades/\(index)/events/decided") }
    }
  }

  /// What the steps of a grade record is the contract's own to declare, and the office's to record, since both steps are.
  private mutating func check(_ event: ContractEvent, of series: GradeSeries, _ pointer: String) {
    require(event, pointer)
    let declared = document.appraisal.events.first { $0.id == event.code }
    if case .known = event {
      fail(pointer, "bad-combination", zh: "须为 events 中声明的事件。", en: "This must be an event that is declared in events.")
    } else if declared?.recordedBy == .vendor {
      fail(pointer, "bad-combination", zh: "该事件由乙方记录，不能随等次记录。", en: "The vendor records this event; a grade cannot.")
    }
  }

  /// What a duty proposes is an incident of the contract, and only of the vendor's duties.
  mutating func check(proposalsOf duty: Duty, _ pointer: String) {
    if let miss = duty.miss { require(miss, in: incidents, pointer + "/miss", Text(zh: "情形", en: "incident")) }
    if let returned = duty.returned {
      require(returned.by, pointer + "/returned/by")
      require(returned.proposes, in: incidents, pointer + "/returned/proposes", Text(zh: "情形", en: "incident"))
    }
    if duty.who != .vendor, duty.miss != nil || duty.returned != nil {
      fail(
        pointer + (duty.miss != nil ? "/miss" : "/returned"), "bad-combination", zh: "仅乙方的义务可提出情形。",
        en: "Only the vendor's duties propose incidents.")
    }
  }

  /// A demand is one that a duty of the vendor's begins with, and its end one that such a duty waits for.
  mutating func check(_ staffing: Staffing) {
    if let change = staffing.change {
      require(change.asked, "/staffing/change/asked")
      require(change.consented, "/staffing/change/consented")
    }
    for (index, demand) in staffing.demands.enumerated() {
      let pointer = "/staffing/demands/\(index)"
      require(demand.opens, pointer + "/opens")
      require(demand.filled, pointer + "/filled")
      if let left = demand.left { require(left, pointer + "/left") }
      if let again = demand.again { require(again, in: incidents, pointer + "/again", Text(zh: "情形", en: "incident")) }
      let started = document.service.duties.filter { duty in
        if case .due(let rule) = duty.timing { rule.startingEvent == demand.opens } else { false }
      }
      if started.isEmpty {
        fail(pointer + "/opens", "bad-combination", zh: "没有义务自此事件起算。", en: "No duty begins with this event.")
      } else if !started.contains(where: { $0.doneBy.contains(demand.filled) }) {
        fail(pointer + "/filled", "bad-combination", zh: "自 opens 起算的义务不以此事件为完成。", en: "No duty that begins with opens is done by this.")
      }
    }
  }

  // MARK: payments

  mutating func checkPayments() {
    var until: CivilDate?
    for (index, payment) in document.terms.payments.enumerated() {
      let pointer = "/payments/\(index)"
      if let due = payment.due { deadline(due, pointer + "/due") }
      for (place, event) in payment.needs.enumerated() { require(event, "\(pointer)/needs/\(place)") }
      if case .share(_, let basis) = payment.amount, basis != .total {
        fail(pointer + "/amount/of", "bad-combination", zh: "付款的份额只能以 total 为基数。", en: "A payment's share is of the total.")
      }
      guard case .once(let last?) = payment.rhythm else { continue }
      if let until, last <= until {
        fail(pointer + "/until", "out-of-range", zh: "须晚于前一笔的 until。", en: "This must be later than the payment before.")
      }
      until = last
    }
  }

  // MARK: consequences

  mutating func checkConsequences() {
    for (index, rule) in document.appraisal.consequences.enumerated() {
      let pointer = "/consequences/\(index)"
      measure(rule.measure, pointer + "/measure")
      if let charge = rule.charge { self.charge(charge, rule.measure, pointer + "/pays") }
      if let test = rule.test { self.test(test, rule.measure, pointer + "/where") }
      for (place, event) in rule.excusedBy.enumerated() {
        if case .declared(let id) = event, duties.contains(id) { continue }
        require(event, "\(pointer)/excusedBy/\(place)")
      }
      if !rule.excusedBy.isEmpty, !rule.measure.isOfLateness {
        fail(pointer + "/excusedBy", "bad-combination", zh: "只有迟延可以免责扣除。", en: "Only lateness can be excused.")
      }
      for (place, id) in rule.yieldsTo.enumerated() {
        require(id, in: paying, "\(pointer)/yieldsTo/\(place)", Text(zh: "金额后果", en: "consequence that pays"))
      }
      if case .gives(let right) = rule.effect, right.holder == .counterparty, !rule.measure.isOfIncidents {
        fail(pointer + "/gives/to", "bad-combination", zh: "只有情形才有违约方的相对方。", en: "Only an incident names a side that has a counterparty.")
      }
    }
    for (index, cap) in document.appraisal.caps.enumerated() {
      for (place, id) in cap.rules.enumerated() {
        require(id, in: paying, "/caps/\(index)/rules/\(place)", Text(zh: "金额后果", en: "consequence that pays"))
      }
      basis(
        cap.atMost, allowed: cap.scope == .payment ? [.total, .annualFee, .monthFee, .periodFee] : [.total, .annualFee, .monthFee],
        "/caps/\(index)/atMost")
    }
  }

  mutating func measure(_ measure: Measure, _ pointer: String) {
    switch measure {
    case .score(let series, _):
      require(series, in: Set(document.appraisal.scores.map(\.id)), pointer + "/score/series", Text(zh: "评分", en: "score series"))
    case .grade(let series):
      require(series, in: Set(document.appraisal.grades.map(\.id)), pointer + "/grade", Text(zh: "等次", en: "grade series"))
    case .incidents(let kinds), .amounts(let kinds):
      let member = if case .amounts = measure { "amounts" } else { "incidents" }
      for (index, kind) in kinds.enumerated() {
        require(kind, in: incidents, "\(pointer)/\(member)/\(index)", Text(zh: "情形", en: "incident"))
      }
    case .daysLate(.payment), .always: break
    case .daysLate(.duty(let id)): require(id, in: duties, pointer + "/daysLate", Text(zh: "义务", en: "duty"))
    case .missed(let id): require(id, in: duties, pointer + "/missed", Text(zh: "义务", en: "duty"))
    }
  }

  mutating func test(_ test: CaseTest, _ measure: Measure, _ pointer: String) {
    switch (test, measure) {
    case (.grades(let grades), .grade(let series)):
      let scale = Set(document.appraisal.grades.first { $0.id == series }?.scale.map(\.grade) ?? grades)
      for (index, grade) in grades.enumerated() { require(grade, in: scale, "\(pointer)/grades/\(index)", Text(zh: "等次", en: "grade")) }
    case (.grades, _), (_, .grade):
      fail(pointer, "bad-combination", zh: "grades 与 grade 须配对使用。", en: "A test of grades goes with a measure of grades, and only with it.")
    default: break
    }
  }

  mutating func charge(_ charge: Charge, _ measure: Measure, _ pointer: String) {
    if charge.owedBy == .breaching, !measure.isOfIncidents {
      fail(pointer + "/owedBy", "bad-combination", zh: "只有情形载明违约方。", en: "Only an incident names the side in breach.")
    }
    if charge.destination == .retention, document.terms.retention == nil {
      fail(pointer + "/to", "bad-combination", zh: "合同没有 retention。", en: "The contract has no retention.")
    }
    tariff(charge.tariff, measure, pointer + "/map")
    for (limits, member) in [
      (charge.bounds.perCase, "case"), (charge.bounds.perPayment, "payment"), (charge.bounds.perContract, "contract"),
    ] {
      for (amount, end) in [(limits?.atLeast, "atLeast"), (limits?.atMost, "atMost")] {
        guard let amount else { continue }
        let allowed = member == "case" ? measure.bases : measure.bases.subtracting([.overdue, .stake])
        basis(amount, allowed: allowed, "\(pointer)/bounds/\(member)/\(end)")
      }
    }
  }

  mutating func tariff(_ tariff: Tariff, _ measure: Measure, _ pointer: String) {
    switch tariff {
    case .each(let amount):
      basis(amount, allowed: measure.bases, pointer + "/each")
      if case .grade = measure { misfit(pointer, "each") }
    case .steps(_, _, _, let amount):
      basis(amount, allowed: measure.bases, pointer + "/steps/pays")
      if !measure.isOfNumbers { misfit(pointer, "steps") }
    case .bands(let bands):
      for (index, band) in bands.enumerated() { basis(band.pays, allowed: measure.bases, "\(pointer)/bands/\(index)/pays") }
      if !measure.isOfNumbers { misfit(pointer, "bands") }
    case .table(let table):
      guard case .grade(let series) = measure else { return misfit(pointer, "table") }
      for entry in table.entries { basis(entry.value, allowed: measure.bases, JSONPointer.appending(entry.name, to: pointer + "/table")) }
      guard let scale = document.appraisal.grades.first(where: { $0.id == series })?.scale.map(\.grade) else { return }
      for name in table.names where !scale.contains(name) {
        require(name, in: Set(scale), JSONPointer.appending(name, to: pointer + "/table"), Text(zh: "等次", en: "grade"))
      }
      let missing = scale.filter { table[$0] == nil }
      if !missing.isEmpty {
        fail(
          pointer + "/table", "missing-member", zh: "缺少等次：\(missing.joined(separator: "、"))。",
          en: "These grades have no amount: \(missing.joined(separator: ", ")).")
      }
    case .range(let from, let to, _):
      basis(from, allowed: measure.bases, pointer + "/range/from")
      if let to { basis(to, allowed: measure.bases, pointer + "/range/to") }
      guard case .incidents = measure else { return misfit(pointer, "range") }
      if case .fixed(let from) = from, case .fixed(let to)? = to, to < from {
        fail(pointer + "/range/to", "out-of-range", zh: "上限低于下限。", en: "The most is below the least.")
      }
    }
  }

  private mutating func misfit(_ pointer: String, _ tariff: String) {
    fail(pointer + "/" + tariff, "bad-combination", zh: "“\(tariff)”不适用于此计量对象。", en: "“\(tariff)” does not fit what is measured.")
  }

  mutating func basis(_ amount: Amount, allowed: Set<Basis>, _ pointer: String) {
    guard case .share(_, let basis) = amount, !allowed.contains(basis) else { return }
    fail(
      pointer + "/of", "bad-combination", zh: "此处没有“\(basis.rawValue)”可作基数。", en: "There is no “\(basis.rawValue)” here to take a share of."
    )
  }

  // MARK: the rest

  mutating func checkRest() {
    let series = Set(document.appraisal.scores.map(\.id))
    for (index, kind) in document.appraisal.incidents.enumerated() {
      if let points = kind.points {
        require(points.series, in: series, "/incidents/\(index)/points/series", Text(zh: "评分", en: "score series"))
      }
    }
    let sheets = Set(document.appraisal.sheets.map(\.id))
    for (index, score) in document.appraisal.scores.enumerated() {
      if let sheet = score.sheet { require(sheet, in: sheets, "/scores/\(index)/sheet", Text(zh: "评分表", en: "score sheet")) }
    }
    for (index, sheet) in document.appraisal.sheets.enumerated() {
      for (place, kind) in (sheet.deductions?.incidents ?? []).enumerated() {
        require(kind, in: incidents, "/sheets/\(index)/deductions/incidents/\(place)", Text(zh: "情形", en: "incident"))
      }
    }
    for (index, level) in document.service.levels.enumerated() {
      if let miss = level.miss { require(miss, in: incidents, "/levels/\(index)/miss", Text(zh: "情形", en: "incident")) }
    }
    if let notice = document.terms.renewal?.notice { require(notice, in: duties, "/renewal/notice", Text(zh: "义务", en: "duty")) }
  }
}
