// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials
import Testing

@Suite("The vocabulary of contracts")
struct SchemaTests {
  @Test("docs/contract.schema.json is what the code reads; JIESU_WRITE_SCHEMA=1 writes it anew")
  func schema() throws {
    let path = RepositoryFiles.path("docs/contract.schema.json")
    if ProcessInfo.processInfo.environment["JIESU_WRITE_SCHEMA"] == "1" {
      try Data(ContractDocument.schemaText.utf8).write(to: URL(filePath: path))
    }
    #expect(try RepositoryFiles.text("docs/contract.schema.json") == ContractDocument.schemaText)
  }

  /// Definitions whose every member and word is part of the language of money and time.
  private static let language = [
    "amount", "bounds", "cap", "caseTest", "charge", "consequence", "deadline", "duty", "firing", "holdOver", "incidentKind", "limits",
    "measure",
    "payment", "periodicity", "renewal", "retention", "right", "scoreSeries", "gradeSeries", "serviceLevel", "span", "staffing", "tariff",
  ]

  @Test("every member and every word of the language is used by some contract of the repository or of the tests")
  func everyKindIsUsed() throws {
    var contents = try RepositoryFiles.directory("deploy/tenants")
    for (path, bytes) in try RepositoryFiles.directory("Tests/Offices") { contents[path] = bytes }
    var names: Set<String> = []
    var words: Set<String> = []
    for (path, bytes) in contents where path.contains("/contracts/") { Self.collect(try JSON.parse(bytes), &names, &words) }
    let definitions = try #require(ContractDocument.shape.schema["$defs"]?.object)
    for name in Self.language {
      let definition = try #require(definitions[name], "there is no definition called \(name)")
      for member in Self.members(of: definition) { #expect(names.contains(member), "no contract uses the member \(member) of \(name)") }
      for word in Self.words(of: definition) { #expect(words.contains(word), "no contract uses the word \(word) of \(name)") }
    }
  }

  private static func collect(_ json: JSON, _ names: inout Set<String>, _ words: inout Set<String>) {
    switch json {
    case .string(let word): words.insert(word)
    case .array(let elements): for element in elements { collect(element, &names, &words) }
    case .object(let object):
      for member in object {
        names.insert(member.name)
        collect(member.value, &names, &words)
      }
    default: break
    }
  }

  /// Names under any `properties`.
  private static func members(of schema: JSON) -> [String] {
    switch schema {
    case .array(let parts): parts.flatMap(members)
    case .object(let object):
      (object["properties"]?.object?.names ?? [])
        + object.flatMap { $0.name == "properties" ? ($0.value.object ?? [:]).flatMap { members(of: $0.value) } : members(of: $0.value) }
    default: []
    }
  }

  /// What stands in any `enum`; events of work orders are the platform's, not the contract's.
  private static func words(of schema: JSON) -> [String] {
    switch schema {
    case .array(let parts): return parts.flatMap(words)
    case .object(let object):
      let own = (object["enum"]?.array ?? []).compactMap(\.string)
      let isOfOrders = own.contains("received") || own.contains("awaitingApproval")
      return (isOfOrders ? [] : own) + object.flatMap { words(of: $0.value) }
    default: return []
    }
  }
}
