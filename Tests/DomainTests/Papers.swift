// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// A contract's paper as JSON, from which a test makes later ones.
struct Papers {
  let json: JSON

  init(_ path: String) throws { json = try JSON.parse(RepositoryFiles.bytes(path)) }

  /// With another first paper.
  func with(_ changes: [(pointer: String, value: JSON?)]) throws -> Papers {
    var json = json
    for (pointer, value) in changes { json = try json.setting(pointer, to: value) }
    return Papers(json: json)
  }

  private init(json: JSON) { self.json = json }

  init(tenant: String, _ contract: String) throws { try self.init("deploy/tenants/\(tenant)/contracts/\(contract)/original.json") }

  func original() throws -> ContractDocument { try decode(json) }

  /// A later paper: the whole document with some values changed; nil takes a member away.
  func later(
    _ kind: ContractDocument.Revision.Kind, from day: String, _ changes: [(pointer: String, value: JSON?)] = []
  ) throws -> ContractDocument { try decode(laterJSON(kind, from: day, changes)) }

  func laterJSON(
    _ kind: ContractDocument.Revision.Kind, from day: String, _ changes: [(pointer: String, value: JSON?)] = []
  ) throws -> JSON {
    var paper = json
    for (pointer, value) in [("/revision/kind", .string(kind.rawValue)), ("/revision/effectiveFrom", .string(day))] + changes {
      paper = try paper.setting(pointer, to: value)
    }
    return paper
  }

  private func decode(_ json: JSON) throws -> ContractDocument {
    switch ContractDocument.shape.decode(json) {
    case .success(let document): return document
    case .failure(let faults):
      for fault in faults.list { Issue.record("\(fault.pointer): \(fault.code): \(fault.detail.en)") }
      throw faults
    }
  }
}

extension JSON {
  /// The same with another value at a place; `-` is the place behind the last element of a list, and `id` in a list's place finds it by name.
  func setting(_ pointer: String, to value: JSON?) throws -> JSON {
    try setting(pointer.split(separator: "/").map(String.init)[...], to: value)
  }

  private func setting(_ path: ArraySlice<String>, to value: JSON?) throws -> JSON {
    guard let name = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch self {
    case .object(var object):
      if rest.isEmpty { object[name] = value } else { object[name] = try (object[name] ?? [:]).setting(rest, to: value) }
      return .object(object)
    case .array(var array):
      if name == "-" { return .array(array + [value ?? .null]) }
      let index = try #require(Int(name) ?? array.firstIndex { $0["id"]?.string == name }, "\(name) is not in the list")
      if rest.isEmpty, value == nil { array.remove(at: index) } else { array[index] = try array[index].setting(rest, to: value) }
      return .array(array)
    default: return self
    }
  }
}
