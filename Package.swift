// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// One block of settings for every Swift target: warnings are errors, imports say how far they reach.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The program's own: an asynchronous function goes on where its caller is, which spares a request half its changes of executor.
let sourceSettings = settings + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

/// The layers, lowest first. A target may import only what stands in its own row; `deploy/lint` checks the sources against it.
let layers: [(name: String, imports: [String])] = [
  ("Base", []),
  ("EventLoop", ["CLinux"]),
  ("Crypto", ["COpenSSL"]),
  ("Postgres", ["CPostgres", "EventLoop"]),
  ("HTTP", []),
  ("HTTPServer", ["HTTP", "EventLoop"]),
  ("Domain", ["Base"]),
  ("Store", ["Base", "Crypto", "Domain", "Postgres"]),
  ("API", ["Base", "Crypto", "Domain", "EventLoop", "HTTP", "Postgres", "Store"]),
]

/// What each test target exercises; `Support` holds what several of them need.
let tests: [(name: String, imports: [String])] = [
  ("Base", ["Base"]),
  ("EventLoop", ["EventLoop"]),
  ("Crypto", ["Crypto"]),
  ("Postgres", ["Postgres", "EventLoop", "Support"]),
  ("HTTP", ["HTTP"]),
  ("HTTPServer", ["HTTPServer", "HTTP", "EventLoop", "Support"]),
  ("Domain", ["Domain", "Base"]),
  ("API", ["API", "Base", "Crypto", "Domain", "EventLoop", "HTTP", "Postgres", "Store"]),
  ("Integration", ["API", "Store", "Domain", "Base", "Crypto", "EventLoop", "Postgres", "Support"]),
]

let package = Package(
  name: "jiesu",
  products: [.executable(name: "jiesu", targets: ["Jiesu"])],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl"),
  ]
    + layers.map { layer in
      .target(name: layer.name, dependencies: layer.imports.map { .init(stringLiteral: $0) }, swiftSettings: sourceSettings)
    } + [
      .executableTarget(
        name: "Jiesu", dependencies: ["Base", "EventLoop", "Crypto", "Postgres", "HTTP", "HTTPServer", "Domain", "Store", "API"],
        swiftSettings: sourceSettings),
      .executableTarget(name: "Benchmarks", dependencies: ["Base", "Domain"], swiftSettings: settings),
      .target(name: "Support", dependencies: ["Base", "EventLoop", "Postgres"], path: "Tests/Support", swiftSettings: settings),
    ]
    + tests.map { test in
      .testTarget(
        name: "\(test.name)Tests", dependencies: test.imports.map { .init(stringLiteral: $0) }, swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
