// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Judges incidents by the contract in force on their day, and by the list of staff.
enum IncidentJudgement {
  /// Refuses what the contract in force that day does not know or leaves no room for, and what names nobody.
  ///
  /// - Returns: whether the contract leaves an amount or points open.
  static func judge(
    _ incident: FactBody.Incident, at moment: Instant, of name: String, _ stage: IncidentCheck.Stage, _ call: Call, _ services: Services
  ) async throws -> Bool {
    let tenant = try call.office.tenant
    let staff = incident.subject.map { [StaffStore.serves($0, under: name, in: tenant)] } ?? []
    guard try call.office.membership.sees(contract: name),
      let (contract, answers) = try await services.dossiers.contract(of: name, in: tenant, on: services.lanes, asking: staff)
    else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "unknown-reference",
            detail: Text(zh: "本单位没有合同“\(name)”。", en: "The office has no contract “\(name)”."))
        ]))
    }
    let check = IncidentCheck(contract)
    var faults = check.faults(in: incident, on: moment.date, stage)
    if moment.date > call.now.date { faults.append(.afterToday("/occurredAt")) }
    if let subject = incident.subject, answers[0].isEmpty,
      contract.inForce(on: moment.date).appraisal.incidents.contains(where: { $0.id == incident.kind && $0.subject == .staff })
    {
      faults.append(.notOfVendor(subject, at: "/subject"))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    return check.leavesOpen(incident, on: moment.date)
  }
}
