// SPDX-License-Identifier: Apache-2.0
import Base

extension Fault {
  /// What PostgreSQL has against a predicate, and where in it.
  package init(_ fault: RuleTableStore.PredicateFault, at pointer: String) {
    let place =
      fault.character.map { Text(zh: "在第 \($0) 个字符处", en: " from character \($0) on") } ?? Text(zh: "", en: "")
    self.init(
      pointer: pointer, code: "bad-predicate",
      detail: Text(
        zh: "PostgreSQL \(place.zh)读不懂这个 SQL/JSON 路径谓词：\(fault.reason)。",
        en: "PostgreSQL cannot read this SQL/JSON path predicate\(place.en): \(fault.reason)."))
  }
}
