// SPDX-License-Identifier: Apache-2.0

/// The number PostgreSQL's catalogue gives a type (`pg_type.oid`).
package struct TypeID: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let bool = TypeID(rawValue: 16)
  package static let bytea = TypeID(rawValue: 17)
  package static let name = TypeID(rawValue: 19)
  package static let int8 = TypeID(rawValue: 20)
  package static let int2 = TypeID(rawValue: 21)
  package static let int4 = TypeID(rawValue: 23)
  package static let text = TypeID(rawValue: 25)
  package static let json = TypeID(rawValue: 114)
  package static let unknown = TypeID(rawValue: 705)
  package static let bpchar = TypeID(rawValue: 1042)
  package static let varchar = TypeID(rawValue: 1043)
  package static let date = TypeID(rawValue: 1082)
  package static let timestamptz = TypeID(rawValue: 1184)
  package static let numeric = TypeID(rawValue: 1700)
  package static let uuid = TypeID(rawValue: 2950)
  package static let jsonb = TypeID(rawValue: 3802)
  package static let jsonpath = TypeID(rawValue: 4072)

  package static let boolArray = TypeID(rawValue: 1000)
  package static let byteaArray = TypeID(rawValue: 1001)
  package static let int4Array = TypeID(rawValue: 1007)
  package static let textArray = TypeID(rawValue: 1009)
  package static let int8Array = TypeID(rawValue: 1016)
  package static let dateArray = TypeID(rawValue: 1182)
  package static let timestamptzArray = TypeID(rawValue: 1185)
  package static let uuidArray = TypeID(rawValue: 2951)
  package static let jsonbArray = TypeID(rawValue: 3807)

  /// The first number that types made by users (enumerations, domains) can have.
  static let firstOfUsers: UInt32 = 16384
}

/// The distances between 1970 and PostgreSQL's epoch, 2000-01-01.
enum Epoch {
  static let days: Int32 = 10_957
  static let microseconds: Int64 = 946_684_800_000_000
}
