// SPDX-License-Identifier: Apache-2.0
import Base

/// Something demanded about a contract's people, or a place that fell vacant.
package struct StaffDemand: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable { case open, met, withdrawn }

  package let id: UUIDv7
  package let kind: Staffing.Demand.Kind
  package let post: String
  /// Whose posting it is about; nil for a place that nobody had held.
  package let posting: Posting.Key?
  package let on: CivilDate
  package let state: State
  /// The day that counts as that on which the person left.
  package let left: CivilDate?
  /// Who takes the place.
  package let successor: Posting.Key?

  package init(
    id: UUIDv7, kind: Staffing.Demand.Kind, post: String, posting: Posting.Key?, on: CivilDate, state: State, left: CivilDate?,
    successor: Posting.Key?
  ) {
    (self.id, self.kind, self.post, self.posting) = (id, kind, post, posting)
    (self.on, self.state, self.left, self.successor) = (on, state, left, successor)
  }

  /// Whether the person whom it is about has gone, or never was.
  package var isEmpty: Bool { kind == .vacancy || left != nil }

  /// The day that counts as that on which it was met, once it is: the person is off the post and somebody else on it.
  ///
  /// - Parameters:
  ///   - recorded: no earlier day than this counts, because what makes it met was put on record then by the side that owes it.
  ///   - today: what lies ahead has not happened.
  package func metOn(left: CivilDate?, successor: Posting.Key?, recorded: CivilDate?, today: CivilDate) -> CivilDate? {
    guard state == .open, let successor, kind == .vacancy || left != nil else { return nil }
    let day = [left, recorded].compactMap { $0 }.reduce(max(successor.from, on), max)
    return day <= today ? day : nil
  }
}

/// What the timer finds when it looks at a contract's posts on a day.
package struct StaffWatch: Sendable {
  /// A place that fell vacant.
  package struct Vacancy: Sendable, Hashable {
    package let post: String
    /// Who left it; nil where nobody had held it.
    package let posting: Posting.Key?
    /// The last day on which it was held.
    package let on: CivilDate
  }

  package struct Met: Sendable, Hashable {
    package let demand: UUIDv7
    package let on: CivilDate
  }

  package private(set) var vacancies: [Vacancy] = []
  package private(set) var met: [Met] = []
  /// Those whose time is over and who go on on no other post.
  package private(set) var gone: [Posting] = []

  /// - Parameters:
  ///   - staffing: the rule in force that day; nil where no service is due, so that no place is wanting.
  ///   - postings: all of the contract.
  ///   - demands: all of the contract that were not withdrawn.
  package init(_ staffing: Staffing?, postings: [Posting], demands: [StaffDemand], on day: CivilDate) {
    for demand in demands {
      let successor = demand.successor.flatMap { key in postings.first { $0.key == key && $0.began } }
      if let on = demand.metOn(left: demand.left, successor: successor?.key, recorded: nil, today: day) {
        met.append(Met(demand: demand.id, on: on))
      }
    }
    gone = postings.filter { posting in
      posting.began && posting.last.map { $0 < day } ?? false
        && !postings.contains { $0.person == posting.person && $0.key != posting.key && $0.holds(on: day) }
    }
    guard let staffing else { return }
    let succeeded = Set(postings.lazy.filter(\.began).compactMap(\.replaces))
    let known = Set(demands.compactMap(\.posting))
    for post in staffing.posts {
      let own = postings.filter { $0.post == post.id }
      let leavers = own.filter { $0.hasLeft(by: day) && !succeeded.contains($0.key) && !known.contains($0.key) }
      guard let count = post.count else {
        vacancies += leavers.map { Vacancy(post: post.id, posting: $0.key, on: $0.last ?? day) }
        continue
      }
      let empty = demands.filter { demand in
        guard demand.post == post.id, demand.state == .open else { return false }
        let holds = { (key: Posting.Key?) in own.contains { $0.key == key && $0.holds(on: day) } }
        return !holds(demand.posting) && !holds(demand.successor)
      }
      let wanting = count - own.filter { $0.holds(on: day) }.count - empty.count
      for place in 0..<max(0, wanting) {
        let leaver = place < leavers.count ? leavers[place] : nil
        vacancies.append(Vacancy(post: post.id, posting: leaver?.key, on: leaver?.last ?? day))
      }
    }
  }
}

extension StaffDemand.State {
  package var name: Text {
    switch self {
    case .open: Text(zh: "未了结", en: "open")
    case .met: Text(zh: "已满足", en: "met")
    case .withdrawn: Text(zh: "已撤回", en: "withdrawn")
    }
  }
}
