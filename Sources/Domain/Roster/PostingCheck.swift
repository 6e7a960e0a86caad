// SPDX-License-Identifier: Apache-2.0
import Base

/// Judges who may be put on a post of a contract, and who may be taken off, by the paper in force and what is on record.
package struct PostingCheck: Sendable {
  /// A posting that is asked for.
  package struct Proposal: Sendable {
    package let key: Posting.Key
    /// The last day that is planned.
    package let to: CivilDate?
    package let replaces: Posting.Key?
    /// The organisation that the person belongs to.
    package let organisation: String

    package init(_ key: Posting.Key, to: CivilDate?, replaces: Posting.Key?, organisation: String) {
      (self.key, self.to, self.replaces, self.organisation) = (key, to, replaces, organisation)
    }
  }

  /// What the office consented to.
  package struct Consent: Sendable, Hashable {
    package let post: String
    package let leaves: String?
    package let comes: String?

    package init(post: String, leaves: String?, comes: String?) { (self.post, self.leaves, self.comes) = (post, leaves, comes) }
  }

  private let contract: Contract
  private let postings: [Posting]
  private let records: [ConditionRecord]

  /// - Parameters:
  ///   - postings: those of the contract.
  ///   - records: what is on record of those concerned, for the contract.
  package init(_ contract: Contract, postings: [Posting], records: [ConditionRecord]) {
    (self.contract, self.postings, self.records) = (contract, postings, records)
  }

  private func staffing(on day: CivilDate) -> Staffing? { contract.inForce(on: day).service.staffing }

  // MARK: coming

  /// What is wrong with a posting in itself; pointers are into the request.
  package func faults(in proposal: Proposal) -> [Fault] {
    let key = proposal.key
    var faults: [Fault] = []
    let posts = staffing(on: key.from)?.posts.map(\.id) ?? []
    if !posts.contains(key.post) { faults.append(.unknown("/post", key.post, posts, Text(zh: "岗位", en: "post"))) }
    if proposal.organisation != contract.inForce(on: key.from).terms.vendor.organisation {
      faults.append(
        Fault(
          pointer: "/person", code: "wrong-side",
          detail: Text(zh: "须为本合同乙方的人员。", en: "This must be one of the people of the contract's vendor.")))
    }
    let first = min(contract.term.first, contract.original.terms.signing.effective)
    if key.from < first {
      faults.append(.range("/from", zh: "不得早于合同的首日 \(first)。", en: "This must not be before the contract's first day, \(first)."))
    }
    if let to = proposal.to, to < key.from { faults.append(.range("/to", zh: "早于 from。", en: "This is before from.")) }
    if let replaces = proposal.replaces {
      if !postings.contains(where: { $0.key == replaces }) || replaces.post != key.post || replaces.person == key.person {
        faults.append(
          Fault(
            pointer: "/replaces", code: "unknown-reference",
            detail: Text(zh: "该岗位没有此人的任岗记录。", en: "This is no posting of somebody else on the post.")))
      }
    }
    return faults
  }

  /// The problem with a posting that is all right in itself, as things stand; nil where it can be.
  ///
  /// - Parameter consent: what the office consented to, where the request names it.
  package func refusal(of proposal: Proposal, _ consent: Consent?) -> Problem? {
    let key = proposal.key
    if postings.contains(where: { $0.person == key.person && $0.post == key.post && $0.overlaps(key.from, proposal.to) }) {
      return .refused("already-posted", Text(zh: "此人在这段时间已任该岗位。", en: "The person holds this post in that time already."))
    }
    let unmet = staffing(on: key.from)?.posts.first { $0.id == key.post }?.unmet(by: key.person, on: key.from, records) ?? []
    if !unmet.isEmpty {
      let names = unmet.map(\.name)
      return .refused(
        "conditions-unmet",
        Text(
          zh: "上岗条件未满足：\(names.map(\.zh).joined(separator: "、"))。",
          en: "What must be so before posting is not on record: \(names.map(\.en).joined(separator: ", "))."), unmet.map(\.refusal))
    }
    if needsConsent(on: key.from), consent.map({ $0.post != key.post || $0.comes != key.person }) ?? true { return .consentRequired }
    return nil
  }

  /// Whether the paper of a day asks for the office's written consent before staff change; the first team comes without.
  package func needsConsent(on day: CivilDate) -> Bool {
    staffing(on: day)?.changeNeeds == .officeConsent && day > contract.term.first
  }

  // MARK: leaving

  /// What is wrong with a last day.
  package func faults(inEnding posting: Posting, on day: CivilDate, today: CivilDate) -> [Fault] {
    if day.days(since: posting.from) < -1 {
      return [.range("/on", zh: "不得早于上岗前一日。", en: "This must not be earlier than the day before the first.")]
    }
    if day > today { return [.range("/on", zh: "不得晚于今日。", en: "This must not be after today.")] }
    if let last = posting.last, day > last { return [.range("/on", zh: "晚于任岗末日 \(last)。", en: "This is after the last day, \(last).")] }
    return []
  }

  /// The problem with somebody's leaving as things stand; nil where it can be.
  ///
  /// - Parameters:
  ///   - clearances: the days on which everything that was cleared by the person was, for clearances that the other side has not rejected.
  ///   - isDemanded: whether the office itself demanded it.
  package func refusal(
    ofEnding posting: Posting, on day: CivilDate, clearances: [CivilDate], _ consent: Consent?, isDemanded: Bool
  ) -> Problem? {
    if posting.ended != nil { return .refused("already-ended", Text(zh: "该任岗已经结束。", en: "This posting has ended already.")) }
    if !isDemanded, needsConsent(on: day), consent.map({ $0.post != posting.post || $0.leaves != posting.person }) ?? true {
      return .consentRequired
    }
    guard day >= posting.from, !staysOn(posting, after: day), !clearances.contains(where: { $0 >= posting.from }) else { return nil }
    return .refused(
      "clearance-required",
      Text(
        zh: "离岗前须先登记资料归还和数据销毁（clearances）。",
        en: "Before somebody leaves, the return of materials and the destruction of data must be on record (clearances)."))
  }

  /// Whether somebody goes on working under the contract on another post.
  private func staysOn(_ posting: Posting, after day: CivilDate) -> Bool {
    guard let next = try? day.adding(days: 1) else { return false }
    return postings.contains { $0.key != posting.key && $0.person == posting.person && $0.holds(on: next) }
  }
}

extension Problem {
  fileprivate static func refused(_ code: String, _ detail: Text, _ faults: [Fault] = []) -> Problem {
    Problem(status: 409, code: code, title: Text(zh: "与现状冲突", en: "Conflict"), detail: detail, faults: faults)
  }

  fileprivate static var consentRequired: Problem {
    refused(
      "consent-required",
      Text(
        zh: "合同规定更换人员须经甲方书面同意：请先提出 staff-changes，同意后写明 change。",
        en:
          "The contract asks for the office's written consent to changes of staff: ask for one under staff-changes, then name it as change."
      ))
  }
}
