// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials
import Glibc

/// Measures what needs neither server nor database; `deploy/bench` calls it and compares.
@main
enum Benchmarks {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3, let word = arguments.first, let count = Int(arguments[3]), count > 0,
      ["settle", "clocks", "incidents", "xlsx", "roster"].contains(word)
    else {
      print("usage: Benchmarks settle|clocks|incidents|xlsx|roster DEPLOY-DIRECTORY COUNT")
      exit(64)
    }
    let result =
      switch word {
      case "settle": try SettlementBenchmark(directory: arguments[2]).run(contracts: count).json
      case "incidents": try SettlementBenchmark(directory: arguments[2]).run(incidents: count)
      case "xlsx": try SheetBenchmark().run(rows: count)
      case "clocks": try ClockBenchmark(directory: arguments[2]).run(deadlines: count)
      default: try RosterBenchmark(directory: arguments[2]).run(people: count)
      }
    var writer = JSONWriter()
    writer.value(result)
    print(String(decoding: writer.bytes, as: UTF8.self))
  }

  /// Runs `body` and says how long it took, in seconds.
  static func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
    let start = ContinuousClock.now
    let value = try body()
    return (value, (ContinuousClock.now - start) / .seconds(1))
  }

  /// The files whose path ends so, by their path below the directory, in its order.
  static func files(_ directory: String, ending: String) throws -> [(path: String, bytes: [UInt8])] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(ending) }.sorted().map { path in
      (path, [UInt8](try Data(contentsOf: URL(filePath: directory + "/" + path))))
    }
  }
}
