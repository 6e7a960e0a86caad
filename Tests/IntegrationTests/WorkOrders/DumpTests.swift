// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

/// A whole deployment looked through for what must not stand anywhere in clear.
@Suite("What a dump, the cluster's files and the logs tell of citizens", MortalDeployment(name: "dump"), .serialized)
struct DumpTests {
  /// Somebody who asks; telephones are put together so that none stands in the sources.
  private struct Person {
    let name: String
    let phone: String
    let address: String

    init(_ name: String, _ phone: [String], _ address: String) {
      (self.name, self.phone, self.address) = (name, phone.joined(), address)
    }

    var json: JSON { ["name": .string(name), "phone": .string(phone), "address": .string(address)] }
    var digits: String { phone.filter(\.isNumber) }
  }

  private static let people = [
    Person("独孤听雨", ["139", "0011", "2233"], "东里小区3号楼2单元501室"), Person("百里长歌", ["010", " 5550", " 7788"], "西里小区8号楼4单元302室"),
    Person("南宫望舒", ["137", "0022", "4455"], "南里小区5号院6号"), Person("慕容知远", ["010", "-5551", "9911"], "北里小区9号楼1单元"),
  ]

  @Test("no telephone, name or address of a citizen stands anywhere in clear, whatever was sent and however it failed")
  func clear() throws {
    let deployment = try Deployment.current
    let desk = try OrderDesk()
    try singly(desk)
    try inBulk(desk)
    let database = deployment.database
    try database.script("CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT")

    let dump = deployment.state + "/dump.sql"
    let dumped = try Command.run([
      "sh", "-c",
      "pg_dump -h \(database.cluster.socketDirectory) -U postgres -f \(dump) \(database.name) && pg_dumpall -h "
        + "\(database.cluster.socketDirectory) -U postgres --globals-only >> \(dump)",
    ])
    try #require(dumped.status == 0)
    let places = [deployment.state, database.cluster.dataDirectory]
    func files(with word: String) throws -> [String] {
      try Command.run(["grep", "-rlaF", "-e", word] + places).output.split(separator: "\n").map(String.init)
    }
    // What may be told is found in all the places, so that the others would be too.
    let title = try files(with: "垃圾清运不及时")
    #expect(title.contains(dump) && title.contains { $0.contains("/base/") } && title.contains { $0.contains("/pg_wal/") }, "\(title)")
    for person in Self.people {
      for word in [person.name, person.phone, person.digits, person.address] {
        let found = try files(with: word)
        #expect(found.isEmpty, "\(word) stands in \(found)")
        let bytes = word.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(try Command.run(["grep", "-c", bytes, dump]).output == "0\n", "the bytes of \(word) stand in the dump")
      }
    }
  }

  /// Orders that come one by one, and all that people say of them on the way.
  private func singly(_ desk: OrderDesk) throws {
    let (first, second) = (Self.people[0], Self.people[1])
    for person in [first, second] {
      let said = "\(person.name)来电，电话\(person.phone)，住\(person.address)，反映垃圾清运。"
      let id = try desk.receive([
        "title": .string("\(person.name)反映垃圾清运不及时"), "content": .string(said), "citizen": person.json, "tags": ["急", .string(person.name)],
        "attributes": ["remark": .string(said), "more": [["caller": .string(person.name)]]],
      ])
      let says: JSON = .string("已与\(person.name)（\(person.phone)）联系，地址\(person.address)。")
      for (verb, role, body) in [
        ("sign", "seat-1", [:]), ("verify", "seat-1", ["community": "village-east", "content": .string(said), "remark": says]),
        ("edit", "seat-1", ["title": .string("\(person.name)的诉求"), "tags": [.string(person.name)], "attributes": ["note": says]]),
        ("await-citizen", "seat-1", ["reason": says]), ("citizen-answered", "seat-1", ["remark": says]),
        ("dispatch", "seat-1", ["department": "environment", "remark": says]), ("urge", "seat-1", ["remark": says]),
        ("progress", "seat-1", ["progress": says]), ("hang", "supervisor", ["reason": says]), ("resume", "supervisor", ["reason": says]),
        ("ask-exclusion", "seat-1", ["reason": says]), ("decide-exclusion", "supervisor", ["granted": false, "remark": says]),
        ("reply", "seat-1", ["handling": says, "result": says, "media": [["kind": "photo", "reference": "recorder:p-1"]]]),
        ("audit", "supervisor", ["remark": says]), ("missed-callbacks", "seat-1", ["remark": says]),
        ("callbacks", "seat-1", ["contacted": true, "resolution": "solved", "satisfaction": "satisfied", "remark": says]),
        ("appeal", "seat-1", ["reason": says]),
      ] as [(String, String, JSON)] { try step(verb, id, by: role, body, desk) }
      let seat = try desk.who("seat-1")
      #expect(try seat.post("\(desk.path)/\(id)/contact", ["reason": says]).string("/name") == person.name)
      #expect(try seat.get("\(desk.path)/\(id)/repeats").status == 200)
      let photo: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 0, count: 100)
      let name = person.name.utf8.map { "%" + String($0, radix: 16) }.joined() + "-\(person.digits).png"
      let attached = try seat.upload("\(desk.path)/\(id)/attachments?name=\(name)", photo, "image/png")
      #expect(attached.status == 201, "\(attached.text)")
      // Looked for, and refused.
      let words = person.name.utf8.map { "%" + String($0, radix: 16) }.joined()
      for query in [words, person.digits] { #expect(try seat.get("\(desk.path)?text=\(query)").status == 200) }
      #expect(try seat.get("\(desk.path)?seat=\(words)").status == 422)
      for bad in [["grade": .string(person.name)], ["source": .string(person.phone)], [person.name: true]] as [JSONObject] {
        #expect(try seat.post(desk.path, OrderDesk.intake(bad), key: "bad-\(id)").status == 422)
      }
      // Another intake under a number that is known.
      _ = try seat.post(desk.path, OrderDesk.intake(["externalNumber": "known", "citizen": person.json]))
      try step(
        "correct-contact", id, by: "seat-1", ["citizen": ["phone": .string(Self.people[2].phone)], "reason": says], desk)
    }
  }

  private func step(_ verb: String, _ id: String, by role: String, _ body: JSON, _ desk: OrderDesk) throws {
    let tag = try #require(try desk.get(id).fields["etag"])
    let answer = try desk.who(role).post("\(desk.path)/\(id)/\(verb)", body, key: "\(verb)-\(id)", ["If-Match": tag])
    try #require(answer.status == 200, "\(verb): \(answer.text)")
  }

  /// Files, whole and broken, with lines that are refused in every way there is.
  private func inBulk(_ desk: OrderDesk) throws {
    let seat = try desk.who("seat-1")
    let (third, fourth) = (Self.people[2], Self.people[3])
    let head = "来源,工单编号,紧急程度,标题,诉求内容,诉求人,联系电话,诉求地址,attributes.备注\r\n"
    var text = head
    for (number, person) in [third, fourth].enumerated() {
      let (name, phone, address) = (person.name, person.phone, person.address)
      let tail = "\(name)说垃圾清运不及时，\(address),\(name),\(phone),\(address),请回\(name)\(phone)\r\n"
      text += "12345,d\(number)1,7天,\(name)反映垃圾清运不及时,\(tail)"
      // Columns that have slipped, values that are none, quotes that do not fit, one field too many, what is too long, a number that is known.
      text += "\(name),d\(number)2,7天,垃圾,\(tail)12345,d\(number)3,\(name),垃圾,\(tail)12345,d\(number)4,\(phone),垃圾,\(tail)"
      text += "12345,d\(number)5,7天,\"垃圾\"\(name),\(tail)12345,d\(number)6,7天,垃圾,\(name),\(tail)"
      text +=
        "12345,d\(number)7,7天,\(String(repeating: name, count: 80)),\(tail)12345,d\(number)8,7天,垃圾,内容,\(name),\(name),\(address),\(phone)\r\n"
      text += "12345,d\(number)1,7天,别的,\(tail)\(address),\(phone),\(name),垃圾,\(tail)"
    }
    let first = try seat.upload("\(desk.path)/batches", Array(text.utf8), "text/csv")
    #expect(first.status == 200 && first.json["taken"]?.integer == 2 && (first.json["refused"]?.integer ?? 0) > 12, "\(first.text)")
    _ = try seat.upload("\(desk.path)/batches?dryRun=true", Array(text.utf8), "text/csv")
    // A file without headings: its first line is somebody.
    let bare = "12345,7天,垃圾,\(third.name),\(third.phone),\(third.address)\r\n"
    #expect(try seat.upload("\(desk.path)/batches", Array(bare.utf8), "text/csv").status == 422)
    var lines = ""
    for person in [third, fourth] {
      let (name, phone) = (person.name, person.phone)
      lines += "{\"externalNumber\": \"n\(name)\", \"title\": \"\(name)\", \"citizen\": {\"name\": \"\(name)\", \"phone\": \"\(phone)\"\n"
      lines +=
        "{\"externalNumber\": \"n1\", \"\(name)\": \"\(phone)\", \"title\": \"垃圾\"}\n{\"externalNumber\": 5, \"title\": \"\(name)\"}\n"
      lines +=
        "{\"externalNumber\": \"n2\", \"title\": \"垃圾\", \"citizen\": {\"name\": \"\(name)\", \"phone\": \"\(name)\"}}\n\"\(name)\"\n"
      lines += "{\"externalNumber\": \"n3\", \"title\": \"垃圾\", \"contract\": \"\(person.digits)\", \"\(name)\": 1, \"\(name)\": 2}\n"
    }
    let second = try seat.upload("\(desk.path)/batches?source=city&grade=7d", Array(lines.utf8), "application/x-ndjson")
    #expect(second.status == 200 && second.json["taken"]?.integer == 0, "\(second.text)")
    // Cut off in the middle of somebody.
    let octets = Array(
      (head + String(repeating: "12345,x,7天,垃圾,\(third.name),\(third.name),\(third.phone),\(third.address),\r\n", count: 50)).utf8)
    let client = try Client(port: desk.deployment.port)
    client.send(seat.head("POST", "\(desk.path)/batches", ["Content-Type": "text/csv", "Content-Length": "\(octets.count)"]))
    client.send(Array(octets.prefix(octets.count / 2)))
    client.reset()
  }
}
