// SPDX-License-Identifier: Apache-2.0
import Base

extension Command {
  static let configShow = Command(
    words: ["config", "show"], says: Text(zh: "显示各项设置及其来源", en: "show each setting and where its value comes from")
  ) { invocation, configuration in
    let language = invocation.language
    if invocation.isForMachines {
      Output.json(
        .object(
          JSONObject(
            configuration.entries.map { entry in
              JSONObject.Member(
                name: entry.setting.name,
                value: ["value": .string(entry.shown), "origin": .string(entry.origin.says(.en))])
            })))
      return .success
    }
    var table = Table(Text(zh: "设置", en: "setting")[language], Text(zh: "值", en: "value")[language], Text(zh: "来源", en: "origin")[language])
    for entry in configuration.entries { table.add(entry.setting.name, entry.shown, entry.origin.says(language)) }
    Output.line(table.text)
    return .success
  }
}

extension Configuration.Entry {
  fileprivate var shown: String { setting.isSecret && !value.isEmpty ? "******" : value }
}
