// SPDX-License-Identifier: Apache-2.0
import Base

/// The parties: where they are, and who else is named.
extension PaperLint {
  func parties() -> [Finding] {
    var findings: [Finding] = []
    for (party, signatory) in [(Party.office, terms.office), (.vendor, terms.vendor)] {
      guard let first = signatory.addresses.first,
        let other = signatory.addresses.first(where: { Self.bare($0.text) != Self.bare(first.text) })
      else { continue }
      findings.append(
        Finding(
          .addressesDiffer, terms.signing.citation.clause, party.rawValue, at: "/parties/\(party.rawValue)/addresses",
          values: [Words.both(first.text), Words.both(other.text)],
          zh: "\(party.name.zh)的地址前后不一：“\(first.text)”与“\(other.text)”。",
          en: "The paper gives two addresses of \(party.name.en): “\(first.text)” and “\(other.text)”."))
    }
    if let shared = terms.office.addresses.first(where: { mine in
      terms.vendor.addresses.contains { Self.bare($0.text) == Self.bare(mine.text) }
    }) {
      findings.append(Self.sameAddress(shared.text, in: terms.signing.citation.clause, at: "/parties"))
    }
    for (index, organisation) in document.paper.organisations.enumerated() {
      findings.append(
        stranger(organisation.name, in: organisation.clause, "stranger.\(organisation.name)", at: "/paper/organisations/\(index)"))
    }
    return findings
  }

  static func sameAddress(_ address: String, in clause: String, at pointer: String = "") -> Finding {
    Finding(
      .sameAddress, clause, "parties", at: pointer, values: [Words.both(bare(address))],
      zh: "甲乙双方写的是同一地址：“\(address)”。", en: "Both sides give the same address: “\(address)”.")
  }

  func stranger(_ name: String, in clause: String, _ subject: String, at pointer: String = "") -> Finding {
    Finding(
      .strangerNamed, clause, subject, at: pointer, values: [Words.both(name), Words.both("\(terms.office.name) / \(terms.vendor.name)")],
      zh: "出现了不是合同任何一方的单位“\(name)”。", en: "“\(name)” is named, which is neither party.")
  }

  /// As addresses are compared: in one width, without blanks and closing points.
  static func bare(_ text: String) -> String {
    PrintedCharacters.string(PrintedCharacters.bare(text).filter { !"。.,、".unicodeScalars.contains($0) })
  }
}
