// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto

/// The logins and passwords of a demonstration, in a file that only its owner may read; each password is made once.
struct DemoLogins {
  struct Entry: Sendable {
    let login: String
    let password: String
    /// Who it is, for people.
    let says: String
  }

  let path: String
  private(set) var entries: [Entry] = []

  /// Reads what is there; a line is a login, a password and who it is, apart by blanks.
  init(_ path: String) throws {
    self.path = path
    guard let bytes = try SecretFile(path: path, limit: 262_144).readIfPresent() else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let rest = parts[1].drop { $0 == " " }.split(separator: " ", maxSplits: 1)
      guard let password = rest.first else { continue }
      entries.append(
        Entry(login: String(parts[0]), password: String(password), says: rest.count > 1 ? String(rest[1].drop { $0 == " " }) : ""))
    }
  }

  /// The password of a login, made now when there is none; `says` replaces what stood there.
  mutating func password(of login: String, says: String) throws -> String {
    let old = entries.firstIndex { $0.login == login }
    let entry = Entry(login: login, password: try old.map { entries[$0].password } ?? Password.make(), says: says)
    if let old { entries[old] = entry } else { entries.append(entry) }
    return entry.password
  }

  func write() throws {
    var table = Table()
    for entry in entries { table.add(entry.login, entry.password, entry.says) }
    try Files.writeSecret(path, Array(("# jiesu demo load\n" + table.text + "\n").utf8))
  }
}
