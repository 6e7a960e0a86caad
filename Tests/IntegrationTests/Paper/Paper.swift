// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials
import Support
import Testing

/// What people do with what they were given: open it in LibreOffice, print it with Chromium.
struct Paper {
  /// A directory of the suite's deployment.
  let directory: String

  init(_ deployment: Deployment) throws {
    directory = deployment.state + "/paper"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  private func keep(_ octets: [UInt8], as name: String) throws -> String {
    let file = "\(directory)/\(name)"
    try Data(octets).write(to: URL(filePath: file))
    return file
  }

  /// Runs a program that now and then never comes back, once more if need be, with a profile that no earlier run has left locked.
  private func patiently(_ arguments: (_ profile: String) -> [String]) throws -> Command {
    let profile = "\(directory)/profile-\(UInt64.random(in: .min ... .max))"
    do {
      return try Command.run(arguments(profile), patience: 120)
    } catch {
      return try Command.run(arguments(profile + "-again"), patience: 120)
    }
  }

  /// The first sheet of a workbook, as LibreOffice shows it: rows of fields.
  func sheet(_ workbook: [UInt8], as name: String) throws -> [[String]] {
    let file = try keep(workbook, as: "\(name).xlsx")
    // Comma, quotes, UTF-8, from the first line on, and texts as they are shown.
    let converted = try patiently { profile in
      [
        "soffice", "-env:UserInstallation=file://\(profile)", "--headless", "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true", "--outdir", directory, file,
      ]
    }
    try #require(converted.status == 0, "is libreoffice-calc installed? \(converted.output)")
    let octets = [UInt8](try Data(contentsOf: URL(filePath: "\(directory)/\(name).csv")))
    var reader = CSVReader()
    var (records, place): ([CSVReader.Record], Int) = ([], 0)
    while let record = reader.next(octets.span, &place) { records.append(record) }
    if let record = reader.finish() { records.append(record) }
    return try records.map { try $0.fields.get().map { String(decoding: $0, as: UTF8.self) } }
  }

  /// A page as Chromium prints it: its text, and the size of its paper.
  func print(_ html: String, as name: String) throws -> (text: String, size: String) {
    let file = try keep(Array(html.utf8), as: "\(name).html")
    let printed = try patiently { profile in
      [
        "sh", "-c",
        "exec chromium --headless --no-sandbox --disable-gpu --user-data-dir=\(profile) --no-pdf-header-footer --print-to-pdf=\(directory)/\(name).pdf file://\(file) 2>&1",
      ]
    }
    try #require(printed.status == 0, "is chromium installed? \(printed.output)")
    let text = try Command.run(["pdftotext", "-layout", "\(directory)/\(name).pdf", "-"])
    let facts = try Command.run(["pdfinfo", "\(directory)/\(name).pdf"])
    try #require(text.status == 0 && facts.status == 0)
    let size = facts.output.split(separator: "\n").first { $0.hasPrefix("Page size:") }.map { $0.dropFirst(10).filter { $0 != " " } } ?? ""
    return (text.output, size)
  }
}
