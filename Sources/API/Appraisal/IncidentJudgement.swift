// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Judges incidents by the contract in force on their day, the service as it is on record, and the list of staff.
enum IncidentJudgement {
  /// Refuses what the contract in force that day does not know or leaves no room for, what lies outside the service, and what names nobody.
  ///
  /// - Returns: whether the contract leaves an amount or points open.
  static func judge(
    _ incident: FactBody.Incident, at moment: Instant, of name: String, _ stage: IncidentCheck.Stage, _ call: Call, _ services: Services
  ) async throws -> Bool {
    let tenant = try call.office.tenant
    let ends = FactStore.ends(of: name, in: tenant)
    let staff = incident.subject.map { [StaffStore.serves($0, under: name, in: tenant)] } ?? []
    guard try call.office.membership.sees(contract: name),
      let (contract, answers) = try await services.dossiers.contract(
        of: name, in: tenant, on: services.lanes, asking: [ends.statement] + staff)
    else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "unknown-reference",
            detail: Text(zh: "本单位没有合同“\(name)”。", en: "The office has no contract “\(name)”."))
        ]))
    }
    let (check, day) = (IncidentCheck(contract), moment.date)
    let life = ServiceLife(try answers[0].decoded(by: ends), asOf: call.now.date)
    var faults = check.faults(in: incident, on: day, stage, life).map(placed)
    if day > call.now.date { faults = faults.filter { $0.pointer != "/occurredAt" } + [.afterToday("/occurredAt")] }
    if let subject = incident.subject, answers[1].isEmpty,
      contract.inForce(on: day).appraisal.incidents.contains(where: { $0.id == incident.kind && $0.subject == .staff })
    {
      faults.append(.notOfVendor(subject, at: "/subject"))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    return check.leavesOpen(incident, on: day)
  }

  /// A fault of an incident's fact where the incident has it.
  static func placed(_ fault: Fault) -> Fault {
    fault.pointer == "/on" ? Fault(pointer: "/occurredAt", code: fault.code, detail: fault.detail) : fault
  }
}
