// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Domain
import Glibc
import HTTP
import Postgres
import Store
import Synchronization

extension Command {
  static let ordersImport = Command(
    words: ["orders", "import"], arguments: ["TENANT", "FILE"],
    options: [
      Option(
        name: "--as", says: Text(zh: "以谁的名义接收（须有 order.receive）", en: "who takes them in, somebody with order.receive"), value: "LOGIN"),
      Option(name: "--format", says: Text(zh: "csv 或 ndjson；默认依扩展名", en: "csv or ndjson; by the file's ending unless told")),
      Option(
        name: "--encoding", says: Text(zh: "utf-8、gb18030 或 auto（默认）", en: "utf-8, gb18030 or auto, found out unless told")),
      Option(
        name: "--map", says: Text(zh: "表头含义：表头:成员,…，或已存表头对照的名称", en: "what headings mean: heading:member,…, or the name of a stored map"),
        value: "MAP"),
      Option(name: "--source", says: Text(zh: "未注明来源的行的来源", en: "the source of lines that name none")),
      Option(name: "--grade", says: Text(zh: "未注明紧急程度的行的紧急程度", en: "the grade of lines that name none")),
      Option(name: "--dry-run", says: Text(zh: "只校验，不接收", en: "judge every line and take none in"), value: ""),
    ],
    says: Text(zh: "批量接收一个工单文件（CSV 或 NDJSON），坏行逐行报告", en: "take in a file of work orders, CSV or NDJSON; each bad line is told")
  ) { invocation, configuration in
    let path = invocation.arguments[1]
    let (format, encoding) = try OrdersImport.form(invocation, path)
    let file = try ImportedFile(path)
    let login = try invocation.required("--as")
    let receiver = try await CommandSession.run(configuration) { session in
      try await OrdersImport.receiver(login, in: try await session.tenants(named: invocation.arguments[0])[0].id, session)
    }
    let database = try Database(configuration, loops: 1, as: .server, cache: nil, log: Log.standard(configuration))
    database.open()
    let result: Result<OrdersImport.Account, any Error>
    do {
      result = .success(try await OrdersImport.take(file, format, encoding, by: receiver, database, configuration, invocation))
    } catch {
      result = .failure(error)
    }
    await database.close()
    let account = try result.get()
    account.show(invocation)
    return account.batch.counts.refused > 0 ? .findings : .success
  }
}

/// Takes a file of work orders in by the way that the API does.
private enum OrdersImport {
  /// How often it says how far it has come, in microseconds.
  static let pace: Int64 = 2_000_000

  /// What became of a file.
  struct Account: Sendable {
    let batch: OrderBatchStore.Batch
    let faults: [OrderBatchStore.LineFault]
  }

  /// How the file is written; no encoding where nothing is said of it.
  static func form(_ invocation: Invocation, _ path: String) throws -> (OrderFile.Format, FileEncoding?) {
    let format: OrderFile.Format
    switch invocation.option("--format") ?? path.split(separator: ".").last.map(String.init) {
    case "csv": format = .csv
    case "ndjson", "jsonl": format = .ndjson
    default: throw UsageError(Text(zh: "--format 须为 csv 或 ndjson", en: "--format is csv or ndjson"))
    }
    guard let word = invocation.option("--encoding") else { return (format, nil) }
    guard let encoding = FileEncoding(rawValue: word) else {
      let known = FileEncoding.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError(Text(zh: "--encoding 须为：\(known)", en: "--encoding is one of: \(known)"))
    }
    return (format, encoding)
  }

  /// Somebody as who takes files in.
  ///
  /// - Throws: 404 for a login that nobody in the office has, 403 without the permission.
  static func receiver(_ login: String, in tenant: TenantID, _ session: CommandSession) async throws -> OrderBatchIntake.Receiver {
    let user = try await session.read { try await $0.first(UserStore.credentials(login: login))?.user }
    let membership = try await session.read(in: .tenant(tenant.number)) { transaction in
      guard let user else { return Membership?.none }
      let rows = try await transaction.rows([MembershipStore.current(of: user, in: tenant, at: session.now)])
      return try MembershipStore.current(from: rows[0], of: user, in: tenant, at: session.now)
    }
    guard let membership, let side = OrderSide(rawValue: membership.side.rawValue) else {
      throw Problem(
        status: 404, code: "not-found", title: Text(zh: "未找到", en: "Not found"),
        detail: Text(zh: "“\(login)”在此单位没有角色。", en: "“\(login)” has no role in this office."))
    }
    guard membership.may(.orderReceive, scopes: nil, at: session.now) else { throw Problem.forbidden(Permission.orderReceive.rawValue) }
    return OrderBatchIntake.Receiver(
      user: membership.user, side: side, request: nil, data: TenantApply.Author.commandLine.data, in: tenant)
  }

  static func take(
    _ file: ImportedFile, _ format: OrderFile.Format, _ encoding: FileEncoding?, by receiver: OrderBatchIntake.Receiver,
    _ database: Database, _ configuration: Configuration, _ invocation: Invocation
  ) async throws -> Account {
    let clock = try Clock(configuration)
    let lanes = database.lanes[0]
    let terms = try await OrderBatchTerms.read(
      format, encoding, map: invocation.option("--map"), source: invocation.option("--source"), grade: invocation.option("--grade"),
      isDry: invocation.option("--dry-run") != nil, in: receiver.tenant, on: lanes)
    let intake = OrderBatchIntake(
      by: receiver,
      with: .init(
        lanes: lanes, citizens: try CitizenKeys { try MasterKeys.read(configuration) }, clocks: ClockKeeper(), identities: Identities(),
        clock: clock.now), terms, at: clock.now())
    let progress = ImportProgress(file.size, invocation.language)
    try await intake.take(
      RequestContent { () throws(ContentFailure) in
        guard let piece = file.next() else { throw .cut }
        progress.note(piece.count)
        return piece.isEmpty ? nil : piece
      })
    let context = Context.tenant(receiver.tenant.number)
    guard let batch = try await lanes.first(OrderBatchStore.one(intake.id, of: .orders, in: receiver.tenant), in: context, .write) else {
      throw Problem.notFound
    }
    // So many are kept at most, each with a few reasons.
    let faults = try await lanes.query(
      OrderBatchStore.faults(of: intake.id, after: (0, 0), limit: .max, in: receiver.tenant), in: context, .write)
    return Account(batch: batch, faults: faults)
  }
}

extension OrdersImport.Account {
  /// Prints the numbers, and each bad line on standard error.
  fileprivate func show(_ invocation: Invocation) {
    let (counts, language) = (batch.counts, invocation.language)
    if invocation.isForMachines {
      Output.json([
        "batch": .string("\(batch.id)"), "dryRun": .bool(batch.isDry), "read": .integer(Int64(counts.read)),
        "taken": .integer(Int64(counts.taken)), "known": .integer(Int64(counts.known)), "refused": .integer(Int64(counts.refused)),
        "ignoredHeadings": .array(batch.ignored.map { .string($0) }),
        "faults": .array(
          faults.map { fault in
            [
              "line": .integer(Int64(fault.line)), "heading": fault.heading.map { .string($0) } ?? .null,
              "pointer": .string(fault.fault.pointer), "code": .string(fault.fault.code),
              "detail": fault.fault.detail.json,
            ]
          }),
      ])
      return
    }
    for fault in faults {
      let place = fault.heading.map { " “\($0)”" } ?? (fault.fault.pointer.isEmpty ? "" : " \(fault.fault.pointer)")
      let line = Text(zh: "第 \(fault.line) 行\(place)：", en: "line \(fault.line)\(place): ")[language]
      Output.error("\(line)\(fault.fault.detail[language]) [\(fault.fault.code)]")
    }
    if !batch.ignored.isEmpty {
      let list = batch.ignored.joined(separator: Text(zh: "、", en: ", ")[language])
      Output.line(Text(zh: "忽略的表头：\(list)", en: "headings passed over: \(list)")[language])
    }
    let taken = batch.isDry ? Text(zh: "可接收", en: "would be taken in") : Text(zh: "接收", en: "taken in")
    Output.line(
      Text(
        zh: "读取 \(counts.read) 行：\(taken.zh) \(counts.taken)，已有 \(counts.known)，拒收 \(counts.refused)",
        en: "\(counts.read) lines read: \(counts.taken) \(taken.en), \(counts.known) known before, \(counts.refused) refused")[language])
  }
}

/// A file that is read piece by piece.
private final class ImportedFile: Sendable {
  private static let piece = 65_536

  private let descriptor: Int32
  /// In octets.
  let size: Int64

  /// - Throws: a fault that names the file and the reason.
  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Faults([Fault(code: "unreadable", detail: Text(zh: "无法读取 \(path)：\(reason)", en: "\(path) cannot be read: \(reason)"))])
    }
    size = Int64(status.st_size)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next piece, empty behind the last; nil where it cannot be read.
  func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return count < 0 ? nil : Array(buffer[..<count])
    }
  }
}

/// Says on standard error how far a file has come.
private final class ImportProgress: Sendable {
  private let size: Int64
  private let language: Language
  private let state = Mutex<(read: Int64, told: Instant)>((0, Clock.wall()))

  init(_ size: Int64, _ language: Language) { (self.size, self.language) = (size, language) }

  func note(_ octets: Int) {
    let now = Clock.wall()
    let read = state.withLock { state -> Int64? in
      state.read += Int64(octets)
      guard now.microseconds(since: state.told) >= OrdersImport.pace else { return nil }
      state.told = now
      return state.read
    }
    guard let read else { return }
    let percent = size > 0 ? min(100, read * 100 / size) : 100
    Output.error(
      Text(zh: "已读 \(percent)%（\(read >> 10) KiB）", en: "\(percent)% read (\(read >> 10) KiB)")[language])
  }
}
