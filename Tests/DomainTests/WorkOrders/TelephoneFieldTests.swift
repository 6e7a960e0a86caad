// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("The telephones of a citizen's field")
struct TelephoneFieldTests {
  @Test(
    "a field has the numbers that stand in it, without their extensions",
    // Each number is put together, so that none stands in the sources.
    arguments: [
      (["138", "0055", "1234"], " ", ["138|00551234"]), (["138", "0055", "1234"], ",", ["138|00551234"]),
      (["138|00551234", "139|00554321"], "、", ["138|00551234", "139|00554321"]),
      (["138|00551234", "139|00554321"], "，", ["138|00551234", "139|00554321"]),
      (["138|00551234", "139|00554321"], ", ", ["138|00551234", "139|00554321"]),
      (["138|00551234", "139|00554321"], ";", ["138|00551234", "139|00554321"]),
      (["138|00551234", "139|00554321"], "/", ["138|00551234", "139|00554321"]),
      (["138|00551234", "139|00554321"], " ", ["138|00551234", "139|00554321"]),
      (["138-0055-1234", "010-5550-1234"], "　", ["138|00551234", "010|55501234"]),
      (["138|00551234", "5550|1234", "12345"], "；", ["138|00551234", "5550|1234", "12345"]),
      (["010", "5550", "1234"], " ", ["010|55501234"]), (["+86", "10", "5550", "1234"], " ", ["8610|55501234"]),
      (["010-5550|1234", "801"], "转", ["010|55501234"]), (["010-5550|1234", "801"], " 转 ", ["010|55501234"]),
      (["010-5550|1234", "801"], "转分机：", ["010|55501234"]), (["5550|1234", "801"], "-", ["5550|1234"]),
      (["010-5550|1234", "801"], "-", ["010|55501234"]), (["010-5550|1234", "801"], " ext. ", ["010|55501234"]),
      (["5550|1234", "801"], "EXT", ["5550|1234"]), (["5550|1234", "801"], "#", ["5550|1234"]),
      (["5550|1234转801", "138|00551234"], " ", ["5550|1234", "138|00551234"]),
      (["5550|1234-801", "138|00551234"], "/", ["5550|1234", "138|00551234"]),
      // None of these has an extension.
      (["0571", "8765", "4321"], "-", ["0571|87654321"]), (["8001", "777"], "-", ["8001|777"]),
      (["138|0055", "1234"], "-", ["138|00551234"]), (["400", "810", "1234"], "-", ["400|8101234"]), (["110"], "", ["110"]),
    ] as [([String], String, [String])])
  func numbers(parts: [String], gap: String, numbers: [String]) throws {
    func plain(_ text: String) -> String { text.filter { $0 != "|" } }
    let field = plain(parts.joined(separator: gap))
    let found = Citizen.telephones(in: field)?.map { String(decoding: $0, as: UTF8.self) }
    #expect(found == numbers.map(plain), "\(field)")
    #expect((try? Citizen.shape.decode(["phone": .string(field)]).get())?.phone == field)
  }

  @Test(
    "what is no telephone is refused with its field",
    arguments: ["call me", "12", "转801", "5550转", "无", "5550|1234转八零一", "5550|1234转1234567", "138|00551234、本人", "、", "5550|1234x1x2"])
  func refused(field: String) {
    let faults = Citizen.shape.decode(["phone": .string(field.filter { $0 != "|" })])
    guard case .failure(let faults) = faults else {
      Issue.record("\(field)")
      return
    }
    #expect(faults.list.allSatisfy { $0.pointer == "/phone" && ["bad-format", "wrong-length"].contains($0.code) }, "\(faults)")
  }
}
