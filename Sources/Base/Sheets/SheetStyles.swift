// SPDX-License-Identifier: Apache-2.0

/// The styles of a workbook: one for each weight of a cell and format of a value, in that order (ECMA-376 Part 1, §18.8).
enum SheetStyles {
  /// The part `xl/styles.xml`.
  static let part: String = {
    // Fonts: plain, bold, large and bold, quiet. SimSun is where Excel and WPS are; others take a font of the family they have.
    let fonts = ["<sz val=\"11\"/>", "<b/><sz val=\"11\"/>", "<b/><sz val=\"16\"/>", "<sz val=\"10\"/><color rgb=\"FF444444\"/>"]
      .map { "<font>\($0)<name val=\"SimSun\"/><family val=\"3\"/><charset val=\"134\"/></font>" }
    let side = { (name: String) in "<\(name) style=\"thin\"><color rgb=\"FF808080\"/></\(name)>" }
    let frame = "<border>\(side("left"))\(side("right"))\(side("top"))\(side("bottom"))<diagonal/></border>"
    let styles = SheetCell.Weight.allCases.flatMap { weight in SheetCell.Format.allCases.map { style(weight, $0) } }
    return """
      <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
      <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">\
      <numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.00"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>\
      <numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
      <fonts count="\(fonts.count)">\(fonts.joined())</fonts>\
      <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
      <fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/><bgColor indexed="64"/></patternFill></fill></fills>\
      <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\(frame)</borders>\
      <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="\(styles.count)">\(styles.joined())</cellXfs>\
      <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
      """
  }()

  private static func style(_ weight: SheetCell.Weight, _ format: SheetCell.Format) -> String {
    let (font, fill, border) =
      switch weight {
      case .plain, .signature: (0, 0, 1)
      case .total: (1, 0, 1)
      case .header: (1, 2, 1)
      case .title: (2, 0, 0)
      case .label: (1, 0, 0)
      case .note: (3, 0, 0)
      }
    let number =
      switch format {
      case .text: 49
      case .integer: 1
      case .money: 164
      case .decimal: 0
      case .date: 165
      case .instant: 166
      }
    let across =
      switch (weight, format) {
      case (.title, _), (.header, _): "center"
      case (_, .text), (.note, .date), (.note, .instant): "left"
      case (_, .date), (_, .instant): "center"
      case (_, .integer), (_, .money), (_, .decimal): "right"
      }
    let down = weight == .plain || weight == .note ? "top" : "center"
    return """
      <xf numFmtId="\(number)" fontId="\(font)" fillId="\(fill)" borderId="\(border)" xfId="0" applyNumberFormat="1" applyFont="1" \
      applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="\(across)" vertical="\(down)" wrapText="1"/></xf>
      """
  }
}
