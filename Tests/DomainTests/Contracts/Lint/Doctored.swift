// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Documents and texts of the repository's contracts with something changed.
enum Doctored {
  /// An office's contract as its file has it.
  static func source(_ tenant: String) throws -> String {
    let id = try #require(try RepositoryFiles.tenant(tenant).contracts.first).contract.id
    return try RepositoryFiles.text("deploy/tenants/\(tenant)/contracts/\(id)/original.json")
  }

  static func document(_ source: String) throws -> ContractDocument {
    try ContractDocument.shape.decode(bytes: [UInt8](source.utf8)).get()
  }

  /// The document with an empty `paper` and no capital numerals and no addresses: nothing of its own to find in them.
  static func silent(_ tenant: String) throws -> ContractDocument {
    guard case .object(var members) = try JSON.parse([UInt8](source(tenant).utf8)) else { throw Faults([]) }
    members["paper"] = ["numbering": [], "headings": [], "references": [], "annexes": [], "organisations": []]
    func strip(_ json: JSON) -> JSON {
      switch json {
      case .array(let elements): return .array(elements.map(strip))
      case .object(let object):
        return .object(
          JSONObject(
            object.filter { $0.name != "capitals" }.map {
              JSONObject.Member(name: $0.name, value: $0.name == "addresses" ? [] : strip($0.value))
            }))
      default: return json
      }
    }
    return try ContractDocument.shape.decode(strip(.object(members))).get()
  }
}
