// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Domain

@Suite("Telephones in what people write")
struct MaskedTextTests {
  @Test(
    "a mobile number loses four digits however its digits are set apart, what stands beside it nothing",
    // Each number is put together, so that none stands in the sources.
    arguments: [
      (["请回电", "138", "0055", "1234", "。"], "", "请回电138****1234。"),
      (["请回电", "138", "0055", "1234", "。"], " ", "请回电 138 **** 1234 。"),
      (["138", "0055", "1234"], "-", "138-****-1234"), (["138", "0055", "1234"], " - ", "138 - **** - 1234"),
      (["138", "0055", "1234"], "－", "138－****－1234"), (["138", "0055", "1234"], "\u{3000}", "138\u{3000}****\u{3000}1234"),
      (["138", "005", "51234"], "-", "138-***-*1234"), (["1", "38", "00", "55", "12", "34"], " ", "1 38 ** ** 12 34"),
      (["+86", "138", "0055", "1234"], " ", "+86 138 **** 1234"), (["+86", "138", "0055", "1234"], "", "+86138****1234"),
      (["2024-03-05", "1380055", "1234", "3"], " ", "2024-03-05 138**** 1234 3"),
      (["138", "0055", "1234", "139", "0055", "4321"], " ", "138 **** 1234 139 **** 4321"),
      (["138", "0055", "1234"], ".", "138.****.1234"), (["138", "0055", "1234"], "·", "138·****·1234"),
      (["138", "0055", "1234"], "\u{200B}", "138\u{200B}****\u{200B}1234"), (["１３８", "００５５", "１２３４"], "", "１３８****１２３４"),
      (["１３８", "0055", "１２34"], "－", "１３８－****－１２34"), (["电话＋86（138）", "００５５", "1234"], " ", "电话＋86（138） **** 1234"),
      // None of these is a mobile number.
      (["１２８", "００５５", "１２３４"], "", "１２８００５５１２３４"), (["１３８", "００５５", "１２３"], "", "１３８００５５１２３"),
      (["138", "0055", "123"], "-", "138-0055-123"), (["138", "0055", "12345"], "", "138005512345"),
      (["128", "0055", "1234"], "-", "128-0055-1234"), (["138", "0055", "1234"], "、", "138、0055、1234"),
      (["138", "0055", "1234"], "\n", "138\n0055\n1234"), (["138", "0055", "1234"], "----", "138----0055----1234"),
      (["3号楼", "5-2-301"], "", "3号楼5-2-301"),
    ] as [([String], String, String)])
  func mobile(parts: [String], gap: String, masked: String) {
    #expect(MaskedCitizen.numbers(in: parts.joined(separator: gap)) == masked)
  }

  @Test(
    "the citizen's own telephone is hidden in whatever way it is written, others that are no mobile numbers are not",
    arguments: [
      ("010 5550 1234", "010-5550-1234", "010-****-1234"), ("(010)55501234", "+86 010 5550 1234", "+86 010 **** 1234"),
      ("010-5550 1234", "01055501234", "010****1234"), ("5550-1234", "5550 1234", "**** **34"), ("55501234", "5550－1234", "****－**34"),
      ("010-5550 1234", "010-5550-1235", "010-5550-1235"), ("010-5550 1234", "5550-1234", "****-**34"),
      ("０１０－５５５０１２３４", "（010）5550 1234", "（010）**** 1234"), ("010-5550 1234", "5550-1235", "5550-1235"),
      ("138 0055 1234", "0055-1234", "0055-1234"), ("12345", "12-345", "12-345"),
    ])
  func own(phone: String, written: String, masked: String) {
    let citizen = Citizen(phone: phone)
    let text = MaskedCitizen.text("电话\(written)，路灯不亮", of: citizen)
    #expect(text == "电话\(masked)，路灯不亮")
    // What is masked stays as it is.
    #expect(MaskedCitizen.text(text, of: citizen) == text)
  }

  @Test("one number typed half and full width has the same digits and is shown in one form")
  func fullWidth() {
    let typed = Citizen(phone: "＋８６　１３８－００５５－１２３４")
    #expect(Citizen.digits(typed.phone ?? "") == Array("138" + "00551234").map { $0.asciiValue ?? 0 })
    #expect(MaskedCitizen(typed).phone == "138****1234")
  }
}
