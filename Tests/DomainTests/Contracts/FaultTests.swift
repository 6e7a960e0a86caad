// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Faults in an office's files")
struct FaultTests {
  /// The sixth office with one passage of one file changed.
  private func faults(_ file: String, _ passage: String, _ change: String) throws -> [FileFault] {
    var contents = try RepositoryFiles.directory("Tests/Offices/yunling")
    let text = String(decoding: try #require(contents[file]), as: UTF8.self)
    let parts = text.split(separator: passage, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "the passage stands in the file once")
    contents[file] = [UInt8](parts.joined(separator: change).utf8)
    guard case .failure(let faults) = TenantFiles.decode(contents) else { return [] }
    return faults.list
  }

  static let hotline = "contracts/hotline-2026/original.json"

  @Test(
    "a fault names its file and its place",
    arguments: [
      (hotline, #""each": {"fixed": "20000.00"}"#, #""eech": {"fixed": "20000.00"}"#, "/consequences/2/pays/map", "missing-alternative"),
      (hotline, #""to": "claim", "bounds""#, #""too": "claim", "bounds""#, "/consequences/10/pays/to", "missing-member"),
      (
        hotline, #"{"share": "0.03%", "of": "overdue"}"#, #"{"share": "0.03%", "of": "lateness"}"#, "/consequences/16/pays/map/each/of",
        "not-in-list"
      ),
      (hotline, #"{"missed": "report-monthly"}"#, #"{"missed": "report-weekly"}"#, "/consequences/14/measure/missed", "unknown-reference"),
      (hotline, #"{"grade": "praise"}"#, #"{"grade": "blame"}"#, "/consequences/6/measure/grade", "unknown-reference"),
      (hotline, #""yieldsTo": ["leaks"]"#, #""yieldsTo": ["three-low-termination"]"#, "/consequences/9/yieldsTo/0", "unknown-reference"),
      (
        hotline, #""excusedBy": ["treasury-closed"]"#, #""excusedBy": ["treasury-open"]"#, "/consequences/16/excusedBy/0",
        "unknown-reference"
      ),
      (hotline, #""乙": {"fixed": "0.00"}, "#, "", "/consequences/6/pays/map/table", "missing-member"),
      (
        hotline, #""owedBy": "vendor", "to": "retention""#, #""owedBy": "breaching", "to": "retention""#, "/consequences/18/pays/owedBy",
        "bad-combination"
      ),
      (
        hotline, #"{"from": "90", "pays": {"share": "2%""#, #"{"from": "97", "pays": {"share": "2%""#,
        "/consequences/0/pays/map/bands/1/from", "bad-bands"
      ),
      (hotline, #""deems": "accepted""#, #""deems": "cured""#, "/duties/2/deems", "bad-combination"),
      (hotline, #""id": "loss", "clause""#, #""id": "losses", "clause""#, "/consequences/10/id", "duplicate"),
      (hotline, #""to": "2026-12-31""#, #""to": "2026-02-30""#, "/term/to", "bad-format"),
      ("office.json", #""vendorWindDown""#, #""windDown""#, "/settings/vendorWindDown", "missing-member"),
      ("office.json", #""person": "leader""#, #""person": "boss""#, "/grants/0/person", "unknown-reference"),
      ("staff.json", #""post": "seat""#, #""post": "chair""#, "/assignments/0/post", "unknown-reference"),
      ("staff.json", #""contract": "hotline-2026""#, #""contract": "hotline-2027""#, "/assignments/0/contract", "unknown-reference"),
      ("departments.json", #""parent": "centre""#, #""parent": "village""#, "/departments/1/parent", "circular-reference"),
      ("rules/dispatch.json", #"{"department": "village"}"#, #"{"department": "town"}"#, "/rows/0/then/department", "unknown-reference"),
      ("rules/dispatch.json", #""purpose": "dispatch""#, #""purpose": "exclusion""#, "/purpose", "wrong-place"),
    ])
  func places(file: String, passage: String, change: String, pointer: String, code: String) throws {
    let found = try faults(file, passage, change)
    #expect(found.contains { $0.file == file && $0.fault.pointer == pointer && $0.fault.code == code }, "\(found)")
    for fault in found { #expect(!fault.fault.detail.zh.isEmpty && !fault.fault.detail.en.isEmpty) }
  }

  @Test("a member nobody knows is refused wherever it stands")
  func unknownMembers() throws {
    let found = try faults(Self.hotline, #""vocabulary": 1,"#, #""vocabulary": 1, "surprise": true,"#)
    #expect(found.map(\.fault.pointer) == ["/surprise"])
    #expect(found.map(\.fault.code) == ["unknown-member"])
  }

  @Test("all the faults of all the files are told at once")
  func together() throws {
    var contents = try RepositoryFiles.directory("Tests/Offices/yunling")
    contents["office.json"] = Array("{}".utf8)
    contents["staff.json"] = Array("[".utf8)
    contents["surprise.txt"] = []
    contents["departments.json"] = nil
    guard case .failure(let faults) = TenantFiles.decode(contents) else {
      Issue.record("nothing was found")
      return
    }
    #expect(Set(faults.list.map(\.file)) == ["office.json", "staff.json", "surprise.txt", "departments.json"])
    #expect(faults.list.contains { $0.file == "departments.json" && $0.fault.code == "missing-file" })
    #expect(faults.list.contains { $0.file == "staff.json" && $0.fault.code == "bad-json" })
  }

  @Test("papers are a chain only with one original that comes first")
  func chains() throws {
    let original = try #require(try RepositoryFiles.tenant("huoying").contracts.first).contract.original
    #expect(throws: Contract.ChainError.empty) { try Contract([]) }
    #expect(throws: Contract.ChainError.sameDay(original.revision.effectiveFrom)) { try Contract([original, original]) }
    let other = try #require(try RepositoryFiles.tenant("anding").contracts.first).contract.original
    #expect(throws: Contract.ChainError.mixed(other.id, original.id)) { try Contract([original, other]) }
  }
}
