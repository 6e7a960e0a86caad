// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension Services {
  /// The dossier of a contract of the caller's office.
  ///
  /// - Throws: 404 where the office has no such contract.
  func dossier(of contract: String, for call: Call) async throws -> Dossier {
    guard let dossier = try await dossiers.dossier(of: contract, in: call.office.tenant, on: lanes) else { throw Problem.notFound }
    return dossier
  }

  /// What is wrong with the code of a person whom a contract scores: that its vendor has nobody by it.
  func faults(inStaff code: String, under contract: String, at pointer: String, for call: Call) async throws -> [Fault] {
    let tenant = try call.office.tenant
    guard try await lanes.rows(StaffStore.serves(code, under: contract, in: tenant), in: .tenant(tenant.number)).isEmpty else { return [] }
    return [.notOfVendor(code, at: pointer)]
  }
}

extension Fault {
  /// Who works for the office itself or for another vendor has no part in what this contract's vendor is paid.
  static func notOfVendor(_ code: String, at pointer: String) -> Fault {
    Fault(
      pointer: pointer, code: "unknown-reference",
      detail: Text(zh: "本合同的乙方没有人员“\(code)”。", en: "This contract's vendor has no person “\(code)”."))
  }

  static func unknownStaff(_ code: String, at pointer: String) -> Fault {
    Fault(pointer: pointer, code: "unknown-reference", detail: Text(zh: "本单位没有人员“\(code)”。", en: "The office knows no person “\(code)”."))
  }
}
