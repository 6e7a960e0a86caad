// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto

extension SettlementReplay {
  /// Writes what came of it, its sentences in both languages.
  package func write(of contract: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("contract")
    writer.string(contract)
    writer.key("payment")
    writer.string(payment)
    writer.key("equal")
    writer.bool(isEqual)
    writer.key("sha256")
    writer.string(Hex.encode(stored))
    writer.key("recomputed")
    if let recomputed { writer.string(Hex.encode(recomputed)) } else { writer.null() }
    writer.key("findings")
    writer.beginArray()
    for finding in findings {
      writer.beginObject()
      writer.key("code")
      writer.string(finding.code)
      writer.key("text")
      writer.beginObject()
      writer.key("zh")
      writer.string(finding.text.zh)
      writer.key("en")
      writer.string(finding.text.en)
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
