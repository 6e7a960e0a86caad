// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

extension Deployment {
  /// Adds an office of the test's own, with people of its own: `code.supervisor`, `code.leader`, `code.finance`, and the vendor's `code.vendor-manager`.
  func add(_ files: OfficeDirectory, as code: String) throws {
    var files = files
    try files.set("office.json", "code", to: .string(code))
    let directory = "\(state)/\(code)"
    try files.write(to: directory)
    let applied = try jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    let organisations = try files.json("office.json")["organisations"]?.array ?? []
    for role in ["office.supervisor", "office.leader", "office.finance", "vendor.manager"] {
      let side = String(role.prefix { $0 != "." })
      let own = try #require(organisations.first { $0["kind"]?.string == side }?["code"]?.string)
      try addUser("\(code).\(side == "vendor" ? "vendor-manager" : String(role.dropFirst(7)))", of: own, code, role)
    }
    // They were added today; they are to be there whatever the clock says.
    try database.sql("UPDATE membership SET valid_from = '2000-01-01'")
  }
}
