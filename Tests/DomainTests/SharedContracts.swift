// SPDX-License-Identifier: Apache-2.0
import Domain
import FoundationEssentials
import Testing

/// The real contracts' texts, which stand beside the working copy where they may be had, and never inside it.
enum SharedContracts {
  /// The texts by office; nil, with a note in the test's output, where the folder is missing.
  static func texts() throws -> [(tenant: String, text: ContractText)]? {
    try words()?.map { ($0.tenant, ContractText($0.words)) }
  }

  static func words() throws -> [(tenant: String, words: String)]? {
    let folder = RepositoryFiles.path("../shared/contracts")
    guard FileManager.default.fileExists(atPath: folder) else {
      print("note: \(folder) is missing; what needs the contracts' own texts was not tested")
      return nil
    }
    return try RepositoryFiles.tenants().compactMap { tenant in
      guard let octets = FileManager.default.contents(atPath: "\(folder)/\(tenant).txt") else { return nil }
      return (tenant, String(decoding: octets, as: UTF8.self))
    }
  }
}
