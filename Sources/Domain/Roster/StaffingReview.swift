// SPDX-License-Identifier: Apache-2.0
import Base

/// A contract's staffing rule against the people who are there on a day.
package struct StaffingReview: Sendable {
  /// A post of the contract, who holds it, and how many are wanting.
  package struct Place: Sendable {
    /// One who holds the post, and what must be so before posting and is not on record.
    package struct Holder: Sendable {
      package let posting: Posting
      package let unmet: [Staffing.Condition]
    }

    package let post: Staffing.Post
    package let holders: [Holder]
    package let vacancies: Int
  }

  package let staffing: Staffing
  package let places: [Place]
  /// How many people are there; who holds two posts is one.
  package let posted: Int

  /// How many fewer there are than the contract wants at least.
  package var short: Int { staffing.atLeast.map { max(0, $0 - posted) } ?? 0 }

  package init(_ staffing: Staffing, postings: [Posting], records: [ConditionRecord], on day: CivilDate) {
    self.staffing = staffing
    let succeeded = Set(postings.lazy.filter { $0.began && $0.from <= day }.compactMap(\.replaces))
    places = staffing.posts.map { post in
      let own = postings.filter { $0.post == post.id }
      let holders = own.filter { $0.holds(on: day) }.map { Place.Holder(posting: $0, unmet: post.unmet(by: $0.person, on: day, records)) }
      let leavers = own.filter { $0.hasLeft(by: day) && !succeeded.contains($0.key) }
      return Place(post: post, holders: holders, vacancies: post.count.map { max(0, $0 - holders.count) } ?? leavers.count)
    }
    posted = Set(places.flatMap { $0.holders.map(\.posting.person) }).count
  }
}

extension Posting {
  /// Whether the person was there and left before the planned day, so that the post is one person the poorer.
  package func hasLeft(by day: CivilDate) -> Bool { began && ended.map { $0 < day && $0 == last && planned != $0 } ?? false }
}

extension StaffingReview {
  /// Writes the members of the rule and its posts, without braces.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.members(of: staffing.citation)
    writer.key("atLeast")
    if let least = staffing.atLeast { writer.integer(least) } else { writer.null() }
    writer.key("changeNeeds")
    writer.optional(word: staffing.changeNeeds)
    writer.key("posted")
    writer.integer(posted)
    writer.key("short")
    writer.integer(short)
    writer.key("posts")
    writer.beginArray()
    for place in places { place.write(to: &writer) }
    writer.endArray()
  }
}

extension StaffingReview.Place {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("post")
    writer.string(post.id)
    writer.members(of: post.citation)
    writer.key("count")
    if let count = post.count { writer.integer(count) } else { writer.null() }
    writer.key("crews")
    if let crews = post.crews { writer.integer(crews) } else { writer.null() }
    writer.key("hours")
    writer.string(post.hours.rawValue)
    writer.key("named")
    writer.bool(post.isNamed)
    writer.key("before")
    writer.words(post.before)
    writer.key("vacancies")
    writer.integer(vacancies)
    writer.key("holders")
    writer.beginArray()
    for holder in holders {
      writer.beginObject()
      holder.posting.writeMembers(to: &writer)
      writer.key("unmet")
      writer.words(holder.unmet)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}

extension Posting {
  /// Writes who is on which post, from when to when, without braces.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.key("person")
    writer.string(person)
    writer.key("post")
    writer.string(post)
    writer.key("from")
    writer.date(from)
    writer.key("to")
    if let last { writer.date(last) } else { writer.null() }
    writer.key("planned")
    if let planned { writer.date(planned) } else { writer.null() }
    writer.key("ended")
    if let ended { writer.date(ended) } else { writer.null() }
    writer.key("replaces")
    guard let replaces else { return writer.null() }
    writer.beginObject()
    writer.key("person")
    writer.string(replaces.person)
    writer.key("from")
    writer.date(replaces.from)
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func words<Word: RawRepresentable>(_ words: [Word]) where Word.RawValue == String {
    beginArray()
    for word in words { string(word.rawValue) }
    endArray()
  }

  fileprivate mutating func optional<Word: RawRepresentable>(word: Word?) where Word.RawValue == String {
    if let word { string(word.rawValue) } else { null() }
  }
}
