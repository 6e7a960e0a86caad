// SPDX-License-Identifier: Apache-2.0
import Base

/// A value that whoever runs the server may set: by a flag, by the environment, in the configuration file, in that order of precedence.
struct Setting: Sendable {
  /// What a value must look like.
  enum Kind: Sendable {
    case text
    case integer(ClosedRange<Int>)
    case choice([String])
  }

  /// The name in the configuration file, dotted; the flag is `--` and the name with hyphens, the variable `JIESU_` and it in capitals.
  let name: String
  let kind: Kind
  let standard: String
  let says: Text
  /// Whether `config show` hides the value.
  var isSecret = false

  var flag: String { "--" + name.replacing(".", with: "-") }
  var variable: String { "JIESU_" + name.replacing(".", with: "_").replacing("-", with: "_").uppercased() }
}

extension Setting {
  static let configurationFile = Setting(
    name: "config", kind: .text, standard: "", says: Text(zh: "配置文件（JSON）", en: "the configuration file (JSON)"))
  static let listen = Setting(
    name: "listen", kind: .text, standard: "127.0.0.1:8080", says: Text(zh: "监听地址与端口", en: "address and port to listen on"))
  static let loops = Setting(
    name: "loops", kind: .integer(0...64), standard: "0",
    says: Text(zh: "事件循环数；0 为核数的一半", en: "event loops; 0 for half the cores"))
  static let databaseHost = Setting(
    name: "database.host", kind: .text, standard: "/var/run/postgresql",
    says: Text(zh: "PostgreSQL 套接字目录或 IP 地址", en: "PostgreSQL's socket directory or IP address"))
  static let databasePort = Setting(
    name: "database.port", kind: .integer(1...65535), standard: "5432", says: Text(zh: "PostgreSQL 端口", en: "PostgreSQL's port"))
  static let databaseName = Setting(
    name: "database.name", kind: .text, standard: "jiesu", says: Text(zh: "数据库名", en: "the database"))
  static let serverUser = Setting(
    name: "server.user", kind: .text, standard: "jiesu_server",
    says: Text(zh: "服务进程的数据库角色（不拥有任何对象）", en: "the server's database role, which owns nothing"))
  static let ownerUser = Setting(
    name: "owner.user", kind: .text, standard: "jiesu_owner",
    says: Text(zh: "迁移用的数据库角色", en: "the database role that migrates"))
  static let connections = Setting(
    name: "database.connections", kind: .integer(1...32), standard: "2",
    says: Text(zh: "每个事件循环的流水线连接数", en: "pipelined connections of each loop"))
  static let writeConnections = Setting(
    name: "database.write-connections", kind: .integer(1...32), standard: "16",
    says: Text(zh: "每个事件循环的写连接数", en: "connections of each loop for what changes something"))
  static let heavyConnections = Setting(
    name: "database.heavy-connections", kind: .integer(1...32), standard: "2",
    says: Text(zh: "长事务与导出用的独占连接数", en: "exclusive connections for long transactions and exports"))
  static let statementTimeout = Setting(
    name: "database.statement-timeout", kind: .integer(10...600_000), standard: "5000",
    says: Text(zh: "交互语句的时限（毫秒）", en: "limit of an interactive statement, in milliseconds"))
  static let patience = Setting(
    name: "database.patience", kind: .integer(10...600_000), standard: "2000",
    says: Text(
      zh: "请求等待数据库连接的时限（毫秒），超过即答复 503", en: "how long a request waits for a connection before it is answered 503, in milliseconds"))
  static let transactionForm = Setting(
    name: "database.transaction-form", kind: .choice(["detect", "implicit", "explicit"]), standard: "detect",
    says: Text(zh: "事务形式：自动、隐式、显式（Citus）", en: "form of transactions: detected, implicit, explicit (Citus)"))
  static let home = Setting(
    name: "home", kind: .text, standard: "",
    says: Text(zh: "sql 与 deploy 所在目录；空则从程序位置向上查找", en: "where sql and deploy lie; empty: looked for above the program"))
  static let state = Setting(
    name: "state", kind: .text, standard: ".data/state", says: Text(zh: "密钥与口令所在目录（0700）", en: "directory of keys and passwords (0700)"))
  static let logLevel = Setting(
    name: "log.level", kind: .choice(Log.Level.allCases.map(\.rawValue)), standard: "info",
    says: Text(zh: "日志级别；debug 记录每个请求", en: "level of the log; debug has every request"))
  static let bodyLimit = Setting(
    name: "http.body-limit", kind: .integer(1024...1_073_741_824), standard: "1048576",
    says: Text(zh: "请求内容上限（字节）", en: "greatest body of a request, in bytes"))
  static let headerTimeout = Setting(
    name: "http.header-timeout", kind: .integer(1...600), standard: "10",
    says: Text(zh: "收齐请求头的时限（秒）", en: "time for a request's header to arrive, in seconds"))
  static let idleTimeout = Setting(
    name: "http.idle-timeout", kind: .integer(1...3600), standard: "60",
    says: Text(zh: "空闲连接保留时间（秒）", en: "time an idle connection is kept, in seconds"))
  static let drain = Setting(
    name: "http.drain", kind: .integer(0...600), standard: "15",
    says: Text(zh: "停止时等待在途请求的时间（秒）", en: "time for requests under way when stopping, in seconds"))
  static let sessionHours = Setting(
    name: "session.hours", kind: .integer(1...720), standard: "12", says: Text(zh: "登录会话时长（小时）", en: "length of a session, in hours"))
  static let timerInterval = Setting(
    name: "timer.interval", kind: .integer(10...600_000), standard: "1000",
    says: Text(zh: "检查到期事项的间隔（毫秒）", en: "time between two looks at what has fallen due, in milliseconds"))
  static let attachments = Setting(
    name: "attachments", kind: .text, standard: "",
    says: Text(zh: "附件目录（多台服务器须共用）；空则为 state 下的 attachments", en: "directory of attachments, shared by all servers; empty: below state"))
  static let clockShift = Setting(
    name: "clock.shift", kind: .text, standard: "",
    says: Text(
      zh: "仅供测试：文件，前8字节为时钟提前的微秒数（小端），后8字节非零则为时钟停住的时刻；空则用本机时钟",
      en:
        "for tests only: a file with the microseconds by which the clock is ahead, and the moment at which it stands; empty: the machine's clock"
    ))

  static let all = [
    configurationFile, listen, loops, databaseHost, databasePort, databaseName, serverUser, ownerUser, connections, writeConnections,
    heavyConnections, statementTimeout, patience, transactionForm, home, state, logLevel, bodyLimit, headerTimeout, idleTimeout, drain,
    sessionHours, timerInterval, clockShift, attachments,
  ]
}
