// SPDX-License-Identifier: Apache-2.0
import Base

extension OfficeState.Agreement {
  /// What a contract's papers make of its row: the vendor sees the office from the first day of service or of effect, and for a while
  /// after the last.
  ///
  /// - Parameter windDown: in days, months or years.
  /// - Returns: nil where it leads beyond the calendar.
  package init?(_ contract: Contract, windDown: Span) {
    let term = contract.term
    guard let calendar = try? WorkingCalendar([]), let end = try? calendar.deadline(windDown, after: term.last, rolls: false).lastDay,
      let access = DateRange(min(term.first, contract.original.terms.signing.effective), through: end)
    else { return nil }
    self.init(id: contract.id, vendor: contract.latest.terms.vendor.organisation, title: contract.latest.title, access: access)
  }
}

extension OfficeState.Post {
  /// Every post that a paper of the chain has; the latest paper that has it says what it is.
  package static func all(of contract: Contract) -> [OfficeState.Post] {
    var posts: [String: OfficeState.Post] = [:]
    for document in contract.revisions {
      for post in document.service.staffing?.posts ?? [] {
        posts[post.id] = OfficeState.Post(contract: contract.id, code: post.id, title: post.citation.says, places: post.count ?? 0)
      }
    }
    return posts.values.sorted { $0.code < $1.code }
  }
}

extension Office {
  /// How long a vendor still sees the office, out of what is stored of the office's settings.
  package static func windDown(in stored: JSON) -> Span? {
    guard let json = stored["settings"]?["vendorWindDown"], case .success(let span) = Span.shape.decode(json) else { return nil }
    return span
  }
}
