// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object, in the order they were written, each name once.
///
/// Names are compared as Swift compares strings: two spellings of one character (composed, decomposed) are the same name.
package struct JSONObject: Sendable {
  package struct Member: Sendable, Hashable {
    package let name: String
    package var value: JSON

    package init(name: String, value: JSON) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var members: [Member]
  /// Where each name stands; only kept for objects so wide that a walk would cost more.
  private var places: [String: Int]?

  private static let walkable = 12

  package init() { members = [] }

  /// An empty object with room for some members.
  package init(capacity: Int) {
    members = []
    members.reserveCapacity(capacity)
  }

  /// Takes members in their order; where a name comes twice the later value stands in the earlier place.
  package init(_ members: some Sequence<Member>) {
    self.init()
    for member in members { self[member.name] = member.value }
  }

  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }
  package var names: [String] { members.map(\.name) }

  /// The value of a name; setting adds at the end or replaces in place, setting `nil` removes.
  package subscript(name: String) -> JSON? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        if places != nil { index() }
      case (nil, let value?): _ = append(name, value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end, unless the name is already there.
  ///
  /// - Returns: whether it was added.
  package mutating func append(_ name: String, _ value: JSON) -> Bool {
    guard place(of: name) == nil else { return false }
    members.append(Member(name: name, value: value))
    if places != nil {
      places?[name] = members.count - 1
    } else if members.count > Self.walkable {
      index()
    }
    return true
  }

  private func place(of name: String) -> Int? {
    if let places { return places[name] }
    return members.firstIndex { $0.name == name }
  }

  private mutating func index() {
    var places: [String: Int] = [:]
    places.reserveCapacity(members.count * 2)
    for (place, member) in members.enumerated() { places[member.name] = place }
    self.places = places
  }
}

extension JSONObject: Hashable {
  package static func == (a: JSONObject, b: JSONObject) -> Bool { a.members == b.members }
  package func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject: Sequence {
  package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { Member(name: $0.0, value: $0.1) })
  }
}
