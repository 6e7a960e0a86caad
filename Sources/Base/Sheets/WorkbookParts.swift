// SPDX-License-Identifier: Apache-2.0

/// The parts of a workbook beside its sheets and styles (ECMA-376 Part 1 §12, Part 2).
enum WorkbookParts {
  private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let parcel = "http://schemas.openxmlformats.org/package/2006"

  static func contentTypes(_ sheets: Int) -> [UInt8] {
    let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    var xml = head + "<Types xmlns=\"\(parcel)/content-types\">"
    xml += "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    xml += "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    xml += "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
    xml += "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(type).sheet.main+xml\"/>"
    xml += "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(type).styles+xml\"/>"
    for number in 1...max(sheets, 1) {
      xml += "<Override PartName=\"/xl/worksheets/sheet\(number).xml\" ContentType=\"\(type).worksheet+xml\"/>"
    }
    return Array((xml + "</Types>").utf8)
  }

  static let relations = Array(
    """
    \(head)<Relationships xmlns="\(parcel)/relationships">\
    <Relationship Id="rId1" Type="\(office)/officeDocument" Target="xl/workbook.xml"/>\
    <Relationship Id="rId2" Type="\(parcel)/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>
    """.utf8)

  static func workbookRelations(_ sheets: Int) -> [UInt8] {
    var xml = head + "<Relationships xmlns=\"\(parcel)/relationships\">"
    for number in 1...max(sheets, 1) {
      xml += "<Relationship Id=\"rId\(number)\" Type=\"\(office)/worksheet\" Target=\"worksheets/sheet\(number).xml\"/>"
    }
    return Array((xml + "<Relationship Id=\"rId\(sheets + 1)\" Type=\"\(office)/styles\" Target=\"styles.xml\"/></Relationships>").utf8)
  }

  static func properties(title: String, at moment: Instant) -> [UInt8] {
    var xml = Array(
      """
      \(head)<cp:coreProperties xmlns:cp="\(parcel)/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" \
      xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>
      """.utf8)
    SheetText.append(title, to: &xml)
    xml +=
      """
      </dc:title><dc:creator>jiesu</dc:creator>\
      <dcterms:created xsi:type="dcterms:W3CDTF">\(moment)</dcterms:created></cp:coreProperties>
      """.utf8
    return xml
  }

  /// - Parameter frozen: how many rows of each sheet are printed on every page.
  static func workbook(_ sheets: [String], frozen: [Int]) -> [UInt8] {
    var xml = Array("\(head)<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><sheets>".utf8)
    for (place, name) in sheets.enumerated() {
      xml += "<sheet name=\"".utf8
      append(name, to: &xml)
      xml += "\" sheetId=\"\(place + 1)\" r:id=\"rId\(place + 1)\"/>".utf8
    }
    xml += "</sheets>".utf8
    let headed = zip(sheets, frozen).enumerated().filter { $0.element.1 > 0 }
    if !headed.isEmpty {
      xml += "<definedNames>".utf8
      for (place, (name, rows)) in headed {
        xml += "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"\(place)\">'".utf8
        append(name, to: &xml)
        xml += "'!$1:$\(rows)</definedName>".utf8
      }
      xml += "</definedNames>".utf8
    }
    return xml + "</workbook>".utf8
  }

  private static func append(_ name: String, to xml: inout [UInt8]) {
    SheetText.append(name.replacing("\"", with: "”"), to: &xml)
  }
}
