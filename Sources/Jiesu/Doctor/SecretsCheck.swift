// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc

/// Whether the files that hold keys and passwords are their owner's alone.
struct SecretsCheck {
  /// The directory of keys and passwords.
  let state: String
  /// libpq's file of passwords, where one is named.
  let passwordFile: String?

  var findings: [Text] {
    var findings: [Text] = []
    var status = stat()
    if stat(state, &status) != 0 {
      // A deployment that has made no secret yet has no directory for them.
      if errno != ENOENT { findings.append(Self.unreadable(state)) }
    } else {
      findings += Self.findings(state, status)
      findings += files.flatMap { Self.findings($0) }
    }
    if let passwordFile, !passwordFile.isEmpty { findings += Self.findings(passwordFile) }
    return findings
  }

  private var files: [String] {
    guard let handle = opendir(state) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(state + "/" + name) }
    }
    return names.sorted()
  }

  private static func findings(_ path: String) -> [Text] {
    var status = stat()
    return lstat(path, &status) == 0 ? findings(path, status) : [unreadable(path)]
  }

  private static func findings(_ path: String, _ status: stat) -> [Text] {
    var findings: [Text] = []
    if status.st_mode & 0o077 != 0 {
      let mode = String(status.st_mode & 0o777, radix: 8)
      let wanted = status.st_mode & S_IFMT == S_IFDIR ? "700" : "600"
      findings.append(
        Text(zh: "\(path) 他人可以访问（权限 \(mode)）：chmod \(wanted)", en: "\(path) can be used by others (mode \(mode)): chmod \(wanted)"))
    }
    if status.st_uid != geteuid() {
      findings.append(
        Text(
          zh: "\(path) 属于用户 \(status.st_uid)，不是运行者 \(geteuid())",
          en: "\(path) belongs to user \(status.st_uid), not to \(geteuid()) who runs this"))
    }
    return findings
  }

  private static func unreadable(_ path: String) -> Text {
    let reason = String(cString: strerror(errno))
    return Text(zh: "\(path) 无法读取：\(reason)", en: "\(path) cannot be read: \(reason)")
  }
}
