// SPDX-License-Identifier: Apache-2.0
import Base

extension Command {
  static let help = Command(words: ["help"], says: Text(zh: "列出命令与设置", en: "list commands and settings")) { invocation, _ in
    let language = invocation.language
    var commands = Table("jiesu", "")
    for command in all { commands.add(command.usage, command.says[language]) }
    Output.line(commands.text)
    Output.line()
    var settings = Table(
      Text(zh: "设置", en: "setting")[language], Text(zh: "环境变量", en: "environment")[language], Text(zh: "默认", en: "default")[language], "")
    for setting in Setting.all { settings.add(setting.flag, setting.variable, setting.standard, setting.says[language]) }
    Output.line(settings.text)
    Output.line()
    Output.line(
      Text(
        zh: "所有命令：--json 供程序读取，--lang zh|en。退出码见 docs/commands.md。",
        en: "Every command: --json for machines, --lang zh|en. docs/commands.md explains the exit codes.")[language])
    return .success
  }
}
