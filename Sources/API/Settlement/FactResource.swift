// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// A kind of fact as a resource below its contract.
struct FactResource: Sendable {
  let path: PathTemplate
  /// In operation ids: `listInvoices`, `recordInvoice`.
  let noun: String
  let plural: String
  let title: Text
  /// As it stands in the database.
  let kind: String
  let read: Permission
  let write: Permission
  let body: Field<FactBody>
  /// The side that records it; nil where the contract or the event says which.
  let side: Side?

  private init(
    _ path: PathTemplate, _ noun: String, plural: String, _ title: Text, kind: String, read: Permission, write: Permission,
    _ body: Field<FactBody>, side: Side?
  ) {
    (self.path, self.noun, self.plural, self.title, self.kind) = (path, noun, plural, title, kind)
    (self.read, self.write, self.body, self.side) = (read, write, body, side)
  }

  static let all = [
    FactResource(
      "/v1/tenants/{tenant}/contracts/{contract}/invoices", "Invoice", plural: "Invoices",
      Text(zh: "发票（甲方收到之日）", en: "invoice, on the day the office received it"), kind: "invoice", read: .invoiceRead,
      write: .invoiceWrite, FactBody.invoice, side: nil),
    FactResource(
      "/v1/tenants/{tenant}/contracts/{contract}/payments", "Payment", plural: "Payments", Text(zh: "付款", en: "payment"), kind: "payment",
      read: .paymentRead, write: .paymentWrite, FactBody.payment, side: .office),
    FactResource(
      "/v1/tenants/{tenant}/contracts/{contract}/audited-amounts", "AuditedAmount", plural: "AuditedAmounts",
      Text(zh: "审定金额", en: "audited final amount"), kind: "audited", read: .auditedAmountRead, write: .auditedAmountWrite,
      FactBody.audited, side: .office),
    FactResource(
      "/v1/tenants/{tenant}/contracts/{contract}/acceptances", "Acceptance", plural: "Acceptances",
      Text(zh: "验收意见", en: "acceptance or rejection of deliverables"), kind: "acceptance", read: .acceptanceRead,
      write: .acceptanceWrite, acceptance, side: .office),
    FactResource(
      "/v1/tenants/{tenant}/contracts/{contract}/events", "Event", plural: "Events",
      Text(zh: "合同事件（通知、交付、终止等）", en: "event of the contract: a notice, a delivery, an end"), kind: "event", read: .eventRead,
      write: .eventWrite, FactBody.event, side: nil),
  ]

  /// What the office found: accepted, or rejected with the day by which it is to be cured.
  private static let acceptance = Field<FactBody>.group(
    Field("result", .enumeration([("accepted", KnownEvent.accepted), ("rejected", .rejected)])), Field(optional: "cureBy", .date),
    Field(optional: "subject", .string(minLength: 1, maxLength: 64))
  ) { .event(FactBody.Event(.known($0), agreed: $1, subject: $2)) }
}
