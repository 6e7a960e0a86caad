// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where the files lie that come with the program: `sql/migrations`, `deploy/roles.json`.
struct Home {
  let directory: String

  /// The directory that the settings name, or else the nearest one above the program that has `sql/migrations`.
  init(_ configuration: Configuration) {
    let chosen = configuration.text(.home)
    directory = chosen.isEmpty ? Self.above(Self.program) ?? "." : chosen
  }

  func path(_ name: String) -> String { directory + "/" + name }

  private static var program: String {
    guard let path = realpath("/proc/self/exe", nil) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  private static func above(_ path: String) -> String? {
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      if access(rest + "/sql/migrations", R_OK | X_OK) == 0 { return rest.isEmpty ? "/" : String(rest) }
    }
    return nil
  }
}
