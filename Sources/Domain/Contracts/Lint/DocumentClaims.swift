// SPDX-License-Identifier: Apache-2.0
import Base

/// One figure of a document and the clause it is said to stand in.
struct DocumentClaim {
  enum Figure {
    case amount(Fen)
    case share(Share)
    /// A part of a form, which papers print as a share of it or in points.
    case weight(Share, points: Rational)
    case span(Span)
    case number(Rational)
    case date(CivilDate)
  }

  let figure: Figure
  let clause: String
  let subject: String
  let pointer: String

  /// The item that makes it; an item that says one amount twice has it printed once.
  var item: String { String(subject.prefix { $0 != "." }) }

  /// What is wrong where no passage of the clause has the figure.
  func finding(in passages: [PrintedFigures]) -> Finding? {
    switch figure {
    case .amount(let fen):
      let printed = passages.flatMap { $0.amounts.map(\.amount) + $0.capitals.compactMap { try? CapitalNumerals.read($0.written).amount } }
      if printed.contains(fen) { return nil }
      return missing(.amountNotInText, Words.money(fen), printed.map { Words.money($0) })
    case .share(let share):
      let printed = passages.flatMap { $0.shares.map(\.share) }
      if printed.contains(share) { return nil }
      return missing(.shareNotInText, Words.both(share.text), printed.map { Words.both($0.text) })
    case .weight(let share, let points):
      if passages.contains(where: { $0.numbers.contains(points) || $0.shares.contains { $0.share == share } }) { return nil }
      return missing(.shareNotInText, Words.both(share.text), passages.flatMap { $0.shares.map { Words.both($0.share.text) } })
    case .span(let span):
      let printed = Set(passages.flatMap { $0.spans.map(\.inUsualUnits) })
      if printed.contains(span.inUsualUnits) || passages.contains(where: { $0.names(every: span) }) { return nil }
      return missing(.spanNotInText, span.text, printed.sorted { $0.text.zh < $1.text.zh }.map(\.text))
    case .number(let number):
      let printed = passages.reduce(into: Set<Rational>()) { $0.formUnion($1.numbers) }
      if printed.contains(number) { return nil }
      return missing(.numberNotInText, Words.both(Words.number(number)), printed.sorted().map { Words.both(Words.number($0)) })
    case .date(let date):
      let printed = passages.flatMap { $0.dates.map(\.date) }
      if printed.contains(date) { return nil }
      return missing(.dateNotInText, Words.day(date), printed.map(Words.day))
    }
  }

  private func missing(_ code: Finding.Code, _ wanted: Text, _ printed: [Text]) -> Finding {
    let list = Words.list(printed.count > 12 ? Array(printed.prefix(12)) + [Words.both("…")] : printed)
    return Finding(
      code, clause, subject, at: pointer, values: [wanted, list], zh: "配置称 \(clause) 载有 \(wanted.zh)，原文该处是“\(list.zh)”。",
      en: "The document has \(wanted.en) in \(clause); the text has “\(list.en)” there.")
  }
}

extension PrintedFigures {
  /// Whether the passage names a span of one unit without a number: 每日, 当日, 每月.
  fileprivate func names(every span: Span) -> Bool {
    let words =
      switch span {
      case .days(1): ["每日", "每天", "当日", "当天", "逐日", "次日"]
      case .days(7): ["每周", "周报"]
      case .months(1): ["每月", "月度", "当月", "按月"]
      case .years(1): ["每年", "年度"]
      default: [String]()
      }
    return words.contains { word in bare.indices.contains { has(word, at: $0) } }
  }
}

extension Span {
  /// A year is twelve months; weeks were read as days.
  var inUsualUnits: Span { unit == .years ? Span(count &* 12, .months) : self }
}

/// Every figure of a document with its clause.
struct DocumentClaims {
  private(set) var claims: [DocumentClaim] = []
  /// Everything that an amount, a share, a date in the text can be accounted for with.
  private(set) var amounts: Set<Fen> = []
  private(set) var shares: Set<Share> = []
  private(set) var dates: Set<CivilDate> = []

  init(_ paper: PaperLint) {
    let document = paper.document
    addTerms(document.terms)
    addAppraisal(document.appraisal)
    addService(document.service)
    for payment in document.terms.payments {
      if let price = paper.money(payment.amount), let fen = try? price.rounded() { amounts.insert(fen) }
    }
    dates.formUnion(document.terms.signing.dates.map(\.on))
    dates.formUnion([document.terms.signing.effective, document.revision.effectiveFrom])
  }

  private static func percent(_ value: Rational) -> Share? { Share("\(value.decimal(limit: 8))%") }

  private mutating func add(_ figure: DocumentClaim.Figure, _ clause: String, _ subject: String, _ pointer: String) {
    switch figure {
    case .amount(let fen): amounts.insert(fen)
    case .share(let share), .weight(let share, _): shares.insert(share)
    case .date(let date): dates.insert(date)
    case .span, .number: break
    }
    claims.append(DocumentClaim(figure: figure, clause: clause, subject: subject, pointer: pointer))
  }

  private mutating func add(_ amount: Amount, _ clause: String, _ subject: String, _ pointer: String) {
    switch amount {
    case .fixed(let fen): if fen != .zero { add(.amount(Fen(Int64(fen.count.magnitude))), clause, subject, pointer) }
    case .share(let share, _): if share != .percent(100) { add(.share(share), clause, subject, pointer) }
    }
  }

  private mutating func add(_ rule: DeadlineRule, _ clause: String, _ subject: String, _ pointer: String) {
    switch rule {
    case .on(let day, _): add(.date(day), clause, subject, pointer)
    case .after(_, let span): if let span { add(.span(span), clause, subject, pointer) }
    case .before(_, let span): add(.span(span), clause, subject, pointer)
    case .agreed: break
    case .earliest(let parts), .latest(let parts):
      for (index, part) in parts.enumerated() { add(part, clause, "\(subject).\(index)", pointer) }
    }
  }

  // MARK: terms

  private mutating func addTerms(_ terms: ContractDocument.Terms) {
    add(.amount(terms.total.amount), terms.total.citation.clause, terms.total.id, "/total/amount")
    add(terms.total.printed, terms.total.id, "/total")
    add(.date(terms.term.range.first), terms.term.citation.clause, "\(terms.term.id).from", "/term/from")
    add(.date(terms.term.range.last), terms.term.citation.clause, "\(terms.term.id).to", "/term/to")
    for (index, stated) in terms.term.stated.enumerated() {
      add(.span(stated.span), stated.clause, "\(terms.term.id).\(index)", "/term/stated/\(index)")
    }
    for (index, payment) in terms.payments.enumerated() { addPayment(payment, "/payments/\(index)") }
    if let retention = terms.retention { add(retention.release, retention.citation.clause, retention.id, "/retention/release") }
    if let holdOver = terms.holdOver, case .monthly(let fee) = holdOver.fee {
      add(.amount(fee), holdOver.citation.clause, holdOver.id, "/holdOver/monthly")
      add(holdOver.printed, holdOver.id, "/holdOver")
    }
    if let renewal = terms.renewal {
      let clause = renewal.citation.clause
      if let times = renewal.times { add(.number(Rational(times)), clause, "\(renewal.id).times", "/renewal/times") }
      if let span = renewal.totalAtMost { add(.span(span), clause, "\(renewal.id).total", "/renewal/totalAtMost") }
      if let share = renewal.increaseAtMost { add(.share(share), clause, "\(renewal.id).increase", "/renewal/increaseAtMost") }
    }
  }

  private mutating func addPayment(_ payment: Payment, _ pointer: String) {
    add(payment.amount, payment.citation.clause, payment.id, pointer + "/amount")
    add(payment.printed, payment.id, pointer)
    if let due = payment.due { add(due, payment.citation.clause, "\(payment.id).due", pointer + "/due") }
    switch payment.rhythm {
    case .once(let until): if let until { dates.insert(until) }
    case .every(let periodicity):
      switch periodicity.length {
      case .months(let count):
        if count > 1 { add(.span(.months(UInt32(clamping: count))), payment.citation.clause, "\(payment.id).every", pointer + "/every") }
      case .cycles(let count):
        if count > 1 { add(.number(Rational(count)), payment.citation.clause, "\(payment.id).every", pointer + "/every") }
      }
    }
  }

  private mutating func add(_ printed: [PrintedAmount], _ item: String, _ pointer: String) {
    for (index, amount) in printed.enumerated() {
      add(.amount(amount.figures), amount.clause, "\(item).printed.\(index)", "\(pointer)/printed/\(index)")
    }
  }

  // MARK: appraisal

  private mutating func addAppraisal(_ appraisal: ContractDocument.Appraisal) {
    for (index, rule) in appraisal.consequences.enumerated() { addConsequence(rule, "/consequences/\(index)") }
    for (index, cap) in appraisal.caps.enumerated() { add(cap.atMost, cap.citation.clause, cap.id, "/caps/\(index)/atMost") }
    for (index, kind) in appraisal.incidents.enumerated() {
      guard let points = kind.points else { continue }
      for (part, value) in ([points.take] + (points.upTo.map { [$0] } ?? [])).enumerated() {
        add(.number(value), kind.citation.clause, "\(kind.id).points.\(part)", "/incidents/\(index)/points")
      }
    }
    for (index, series) in appraisal.scores.enumerated() {
      if let start = series.start { add(.number(start), series.citation.clause, "\(series.id).start", "/scores/\(index)/start") }
    }
    for (index, sheet) in appraisal.sheets.enumerated() {
      for section in sheet.sections {
        guard let share = (try? section.weight / sheet.full * 100).flatMap(Self.percent) else { continue }
        add(.weight(share, points: section.weight), sheet.citation.clause, "\(sheet.id)/\(section.id)", "/sheets/\(index)")
      }
      for item in sheet.sections.flatMap(\.items) {
        for (place, option) in item.options.enumerated() {
          add(.number(option.points), sheet.citation.clause, "\(sheet.id).\(item.id).\(place)", "/sheets/\(index)")
        }
      }
    }
  }

  private mutating func addConsequence(_ rule: Consequence, _ pointer: String) {
    let clause = rule.citation.clause
    switch rule.test {
    case .below(let bar), .above(let bar): add(.number(bar), clause, "\(rule.id).where", pointer + "/where")
    case .grades, nil: break
    }
    switch rule.firing {
    case .from(let count, _), .inARow(let count): add(.number(Rational(count)), clause, "\(rule.id).fires", pointer + "/fires")
    case .each, .once: break
    }
    switch rule.effect {
    case .gives(let right): if let notice = right.notice { add(.span(notice), clause, "\(rule.id).notice", pointer + "/gives/notice") }
    case .pays(let charge):
      for (part, amount) in charge.tariff.amounts.enumerated() { add(amount, clause, "\(rule.id)/\(part)", pointer + "/pays/map") }
      switch charge.tariff {
      case .steps(.below(let bar), _, _, _), .steps(.above(let bar), _, _, _):
        add(.number(bar), clause, "\(rule.id).bar", pointer + "/pays/map/steps")
      case .bands(let bands):
        for (place, band) in bands.enumerated() {
          if let from = band.from { add(.number(from), clause, "\(rule.id).from.\(place)", "\(pointer)/pays/map/bands/\(place)/from") }
        }
      default: break
      }
      for (limits, name) in [
        (charge.bounds.perCase, "case"), (charge.bounds.perPayment, "payment"), (charge.bounds.perContract, "contract"),
      ] {
        if let least = limits?.atLeast { add(least, clause, "\(rule.id)/\(name)/least", pointer + "/pays/bounds") }
        if let most = limits?.atMost { add(most, clause, "\(rule.id)/\(name)/most", pointer + "/pays/bounds") }
      }
    }
  }

  // MARK: service

  private mutating func addService(_ service: ContractDocument.Service) {
    for (index, duty) in service.duties.enumerated() {
      if case .due(let rule) = duty.timing { add(rule, duty.citation.clause, "\(duty.id).due", "/duties/\(index)/due") }
    }
    for (index, level) in service.levels.enumerated() {
      guard case .clock(let clock) = level.standard else { continue }
      let spans: [Span] =
        switch clock.limit {
        case .within(let span): [span]
        case .stages(let spans): spans
        case .own: []
        }
      for (place, span) in spans.enumerated() {
        add(.span(span), level.citation.clause, "\(level.id).limit.\(place)", "/levels/\(index)/clock/limit")
      }
    }
    guard let staffing = service.staffing else { return }
    if let least = staffing.atLeast { add(.number(Rational(least)), staffing.citation.clause, staffing.id, "/staffing/atLeast") }
    for (index, post) in staffing.posts.enumerated() {
      let pointer = "/staffing/posts/\(index)"
      if let count = post.count, count > 1 { add(.number(Rational(count)), post.citation.clause, "\(post.id).count", pointer) }
      if let crews = post.crews { add(.number(Rational(crews)), post.citation.clause, "\(post.id).crews", pointer) }
    }
  }
}
