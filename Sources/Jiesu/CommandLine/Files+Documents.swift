// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Glibc

extension Files {
  /// The JSON files that a path stands for: the file itself, or those in the directory and below it, by their path within it.
  static func documents(_ path: String) throws -> [String: [UInt8]] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
      return [name: try read(path)]
    }
    return try tree(path)
  }

  /// Reads every file of a path by one shape.
  ///
  /// - Returns: the values with the documents they were read from, sorted by file.
  /// - Throws: `FileFaults` with every fault of every file.
  static func decoded<Value>(_ shape: Shape<Value>, in path: String) throws -> [(value: Value, json: JSON, file: String)] {
    var values: [(value: Value, json: JSON, file: String)] = []
    var faults: [FileFault] = []
    for (file, bytes) in try documents(path).sorted(by: { $0.key < $1.key }) {
      do throws(JSONError) {
        let json = try JSON.parse(bytes)
        switch shape.decode(json) {
        case .success(let value): values.append((value, json, file))
        case .failure(let found): faults += found.list.map { FileFault(file: file, fault: $0) }
        }
      } catch {
        faults.append(FileFault(file: file, fault: Fault(code: "bad-json", detail: error.text)))
      }
    }
    guard faults.isEmpty else { throw FileFaults(list: faults) }
    return values
  }

  /// The role templates that come with the program.
  static func roles(_ configuration: Configuration) throws -> [RoleTemplate] {
    try decoded(RoleTemplate.fileShape, in: Home(configuration).path("deploy/roles.json")).flatMap(\.value)
  }

  /// Writes a file that only its owner may read, in the place of what was there.
  static func writeSecret(_ path: String, _ bytes: [UInt8]) throws {
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw unwritable(path) }
    let written =
      fchmod(file, 0o600) == 0 && bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count && fsync(file) == 0
    close(file)
    guard written, rename(draft, path) == 0 else {
      let fault = unwritable(path)
      unlink(draft)
      throw fault
    }
  }

  /// Makes the directory of keys and passwords, unless it is there.
  static func makeState(_ configuration: Configuration) throws -> String {
    let path = configuration.text(.state)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw unwritable(path) }
    return path
  }

  private static func unwritable(_ path: String) -> Faults {
    let reason = String(cString: strerror(errno))
    return Faults([
      Fault(code: "unwritable", detail: Text(zh: "无法写入 \(path)：\(reason)", en: "\(path) cannot be written: \(reason)"))
    ])
  }
}
