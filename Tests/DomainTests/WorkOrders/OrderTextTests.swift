// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Domain

@Suite("Pairs of characters")
struct OrderTextTests {
  @Test("a text has a pair for each two neighbours, capitals as small letters, and none alone")
  func pairs() {
    #expect(OrderText.grams("").isEmpty && OrderText.grams("水").isEmpty)
    #expect(OrderText.grams("停水了").count == 2)
    #expect(OrderText.grams("停水停水").count == 2)
    #expect(OrderText.grams("WiFi") == OrderText.grams("wifi") && OrderText.folded("3号楼WiFi") == "3号楼wifi")
    #expect(OrderText.grams("停水") != OrderText.grams("水停"))
    // Characters beyond the basic plane have pairs too.
    #expect(OrderText.grams("𠮷野").count == 1 && OrderText.grams("𠮷野") != OrderText.grams("吉野"))
  }

  @Test("what a text contains, its pairs contain", arguments: ["停水", "号楼", "wifi", "楼3", "了。"])
  func contained(_ part: String) {
    #expect(OrderText.grams(part).isSubset(of: OrderText.grams("西里3号楼3层WiFi没有，停水了。")))
  }
}
