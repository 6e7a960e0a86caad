// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Judges incidents by the contract in force on their day, the service as it is on record, and the list of staff.
enum IncidentJudgement {
  /// What an incident was judged by.
  struct Judged {
    let dossier: Dossier
    /// Whether the contract leaves an amount or points open.
    let isOpen: Bool
  }

  /// Refuses what the contract in force that day does not know or leaves no room for, what lies outside the service, and what names nobody.
  static func judge(
    _ incident: FactBody.Incident, at moment: Instant, of name: String, _ stage: IncidentCheck.Stage, _ call: Call, _ services: Services
  ) async throws -> Judged {
    let tenant = try call.office.tenant
    guard try call.office.membership.sees(contract: name),
      let dossier = try await services.dossiers.dossier(of: name, in: tenant, on: services.lanes)
    else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "unknown-reference",
            detail: Text(zh: "本单位没有合同“\(name)”。", en: "The office has no contract “\(name)”."))
        ]))
    }
    let (contract, day) = (dossier.contract, moment.date)
    var faults = try dossier.check(on: call.now.date).faults(in: FactContent(on: day, body: .incident(incident)), stage: stage)
      .map { $0.pointer == "/on" ? Fault(pointer: "/occurredAt", code: $0.code, detail: $0.detail) : $0 }
    if day > call.now.date { faults = faults.filter { $0.pointer != "/occurredAt" } + [.afterToday("/occurredAt")] }
    if let subject = incident.subject,
      contract.inForce(on: day).appraisal.incidents.contains(where: { $0.id == incident.kind && $0.subject == .staff })
    {
      faults += try await services.faults(inStaff: subject, under: name, at: "/subject", for: call)
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    return Judged(dossier: dossier, isOpen: IncidentCheck(contract).leavesOpen(incident, on: day))
  }
}
