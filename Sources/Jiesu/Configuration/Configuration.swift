// SPDX-License-Identifier: Apache-2.0
import Base

/// The settings in force, each with where its value came from.
struct Configuration: Sendable {
  /// Where a value came from.
  enum Origin: Sendable, Equatable {
    case flag
    case environment
    case file(String)
    case standard

    func says(_ language: Language) -> String {
      switch (self, language) {
      case (.flag, .zh): "命令行"
      case (.flag, .en): "flag"
      case (.environment, .zh): "环境变量"
      case (.environment, .en): "environment"
      case (.file(let path), .zh): "文件 \(path)"
      case (.file(let path), .en): "file \(path)"
      case (.standard, .zh): "默认"
      case (.standard, .en): "default"
      }
    }
  }

  struct Entry: Sendable {
    let setting: Setting
    let value: String
    let origin: Origin
  }

  let entries: [Entry]

  /// Puts the sources together: a flag before the environment before the file before the default.
  ///
  /// - Parameters:
  ///   - flags: values by flag name (`--listen`), as the command line gave them.
  ///   - environment: the process's variables.
  ///   - readFile: reads the configuration file.
  /// - Throws: `Faults` that name each bad or unknown setting.
  init(
    flags: [String: String], environment: [String: String], readFile: (String) throws -> [UInt8]
  ) throws {
    var faults: [Fault] = []
    var file: [String: String] = [:]
    let path = flags[Setting.configurationFile.flag] ?? environment[Setting.configurationFile.variable] ?? ""
    if !path.isEmpty { file = Self.flatten(try Self.parse(readFile(path), path), &faults) }
    var entries: [Entry] = []
    for setting in Setting.all {
      let (value, origin): (String, Origin) =
        if let value = flags[setting.flag] {
          (value, .flag)
        } else if let value = environment[setting.variable] {
          (value, .environment)
        } else if let value = file[setting.name] {
          (value, .file(path))
        } else {
          (setting.standard, .standard)
        }
      if let fault = setting.fault(in: value) { faults.append(fault) }
      entries.append(Entry(setting: setting, value: value, origin: origin))
    }
    guard faults.isEmpty else { throw Faults(faults) }
    self.entries = entries
  }

  /// The value of a setting, as text.
  func text(_ setting: Setting) -> String { entries.first { $0.setting.name == setting.name }?.value ?? setting.standard }

  /// The value of a whole-number setting; its range was checked when the configuration was made.
  func integer(_ setting: Setting) -> Int { Int(text(setting)) ?? 0 }

  private static func parse(_ bytes: [UInt8], _ path: String) throws -> JSONObject {
    do {
      guard let object = try JSON.parse(bytes).object else {
        throw Faults([Fault(code: "wrong-type", detail: Text(zh: "\(path)：应为 JSON 对象", en: "\(path): must be a JSON object"))])
      }
      return object
    } catch let error as JSONError {
      throw Faults([Fault(code: "malformed-json", detail: Text(zh: "\(path)：", en: "\(path): ") + error.text)])
    }
  }

  private static func flatten(_ object: JSONObject, _ faults: inout [Fault], prefix: String = "") -> [String: String] {
    var values: [String: String] = [:]
    for member in object.members {
      let name = prefix + member.name
      switch member.value {
      case .object(let inner): values.merge(flatten(inner, &faults, prefix: name + ".")) { first, _ in first }
      case .string(let text) where Setting.all.contains { $0.name == name }: values[name] = text
      case .number(let lexeme) where Setting.all.contains { $0.name == name }: values[name] = lexeme
      default:
        faults.append(
          Fault(
            pointer: "/" + name.replacing(".", with: "/"), code: "unknown-member",
            detail: Text(zh: "没有名为 \(name) 的设置", en: "there is no setting named \(name)")))
      }
    }
    return values
  }
}

extension Setting {
  /// What is wrong with a value, or nil.
  func fault(in value: String) -> Fault? {
    switch kind {
    case .text: return nil
    case .integer(let range):
      if let number = Int(value), range.contains(number) { return nil }
      return Fault(
        pointer: "/" + name.replacing(".", with: "/"), code: "out-of-range",
        detail: Text(
          zh: "\(flag) / \(variable) 须为 \(range.lowerBound) 到 \(range.upperBound) 的整数",
          en: "\(flag) / \(variable) must be a whole number from \(range.lowerBound) to \(range.upperBound)"))
    case .choice(let choices):
      if choices.contains(value) { return nil }
      return Fault(
        pointer: "/" + name.replacing(".", with: "/"), code: "not-in-list",
        detail: Text(
          zh: "\(flag) / \(variable) 须为：\(choices.joined(separator: "、"))",
          en: "\(flag) / \(variable) must be one of: \(choices.joined(separator: ", "))"))
    }
  }
}
