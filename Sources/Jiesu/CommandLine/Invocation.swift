// SPDX-License-Identifier: Apache-2.0
import Base

/// What was typed: the command's words, its arguments, its options, and the settings among the flags.
struct Invocation: Sendable {
  let arguments: [String]
  let options: [String: String]
  let flags: [String: String]
  let language: Language
  let isForMachines: Bool

  /// An option's value.
  func option(_ name: String) -> String? { options[name] }

  /// An option's value that the command cannot do without.
  ///
  /// - Throws: a usage error that names it.
  func required(_ name: String) throws -> String {
    guard let value = options[name] else {
      throw UsageError(Text(zh: "缺少 \(name)", en: "\(name) is missing"))
    }
    return value
  }

  /// Reads the words after the program's name.
  ///
  /// - Returns: the command and what was typed for it.
  /// - Throws: `UsageError` for an unknown command or option, a missing value, a wrong number of arguments.
  static func read(_ words: [String], _ environment: [String: String]) throws -> (Command, Invocation) {
    var plain: [String] = []
    var values: [String: String] = [:]
    var isForMachines = false
    var language = Self.language(environment)
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      guard word.hasPrefix("--") else {
        plain.append(word)
        continue
      }
      if word == "--json" {
        isForMachines = true
        continue
      }
      if word == "--help" {
        plain = ["help"]
        break
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if parts.count == 2 {
        values[name] = String(parts[1])
      } else if Command.switches.contains(name) {
        values[name] = ""
      } else if index < words.count {
        values[name] = words[index]
        index += 1
      } else {
        throw UsageError(Text(zh: "\(name) 缺少值", en: "\(name) needs a value"))
      }
    }
    if let chosen = values.removeValue(forKey: "--lang") {
      guard let known = Language(rawValue: chosen) else {
        throw UsageError(Text(zh: "--lang 只能是 zh 或 en", en: "--lang is zh or en"))
      }
      language = known
    }
    return try split(plain, values, language, isForMachines)
  }

  private static func split(
    _ plain: [String], _ values: [String: String], _ language: Language, _ isForMachines: Bool
  ) throws -> (Command, Invocation) {
    guard let command = Command.all.first(where: { plain.starts(with: $0.words) }) else {
      let typed = plain.prefix(2).joined(separator: " ")
      throw UsageError(
        typed.isEmpty
          ? Text(zh: "没有给出命令", en: "no command was given")
          : Text(zh: "没有命令“\(typed)”", en: "there is no command \"\(typed)\""))
    }
    let arguments = Array(plain.dropFirst(command.words.count))
    guard (command.required...command.arguments.count).contains(arguments.count) else {
      throw UsageError(Text(zh: "用法：\(command.usage)", en: "usage: \(command.usage)"))
    }
    var flags: [String: String] = [:]
    var options: [String: String] = [:]
    let settings = Set(Setting.all.map(\.flag))
    for (name, value) in values {
      if command.options.contains(where: { $0.name == name }) {
        options[name] = value
      } else if settings.contains(name) {
        flags[name] = value
      } else {
        throw UsageError(Text(zh: "\(command.title) 没有选项 \(name)", en: "\(command.title) has no option \(name)"))
      }
    }
    return (
      command,
      Invocation(arguments: arguments, options: options, flags: flags, language: language, isForMachines: isForMachines)
    )
  }

  /// English where the environment's language is not Chinese and says so.
  private static func language(_ environment: [String: String]) -> Language {
    let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
    return locale.hasPrefix("en") ? .en : .zh
  }
}

/// A command line that cannot be carried out as it stands.
struct UsageError: Error, Sendable {
  let text: Text
  init(_ text: Text) { self.text = text }
}
