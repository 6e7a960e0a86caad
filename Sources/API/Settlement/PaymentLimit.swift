// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Keeps what is paid under a payment's name within what is payable, unless the office says that it paid more, and why.
enum PaymentLimit {
  /// Refuses a payment beyond what is payable, and one that is said to be and is not.
  ///
  /// - Returns: what keeps payments that are recorded at once within it together, failing with `SQLState.changed`; none for other facts.
  static func judge(
    _ recording: FactRecording, of contract: String, by dossier: Dossier, _ call: Call
  ) throws -> [Statement] {
    guard case .payment(let payment, let amount) = recording.content.body else { return [] }
    let room = try dossier.settlement(asOf: call.now.date).room(for: payment)
    switch (try amount > room.rest, recording.exceedsPayable) {
    case (true, false): throw Problem(Faults([try room.excess()]))
    case (false, true):
      throw Problem(
        Faults([
          Fault(
            pointer: "/exceedsPayable", code: "not-applicable",
            detail: Text(
              zh: "本笔未超出应付，至多可付 \(try room.rest.grouped) 元。",
              en: "This does not exceed what is payable: \(try room.rest.grouped) yuan are left."))
        ]))
    case (true, true): return []
    case (false, false):
      return FactStore.keep(
        paidUnder: payment, of: contract, within: try room.limit - amount, in: try call.office.tenant)
    }
  }
}

extension Problem {
  /// 409: payments recorded at once exceed together what is payable.
  static let paidMeanwhile = Problem.conflict(
    "paid-meanwhile",
    Text(zh: "同时另有付款记录，合计将超出应付；请重读后再记。", en: "Another payment was recorded at once, and both exceed what is payable; read again."))
}
