// SPDX-License-Identifier: Apache-2.0

/// One bad value in something that was handed in.
package struct Fault: Error, Sendable, Hashable {
  /// Where it stands, as a JSON pointer (RFC 6901); empty for the whole.
  package let pointer: String
  /// Stable, in kebab-case; programs may depend on it.
  package let code: String
  /// A sentence that helps to mend it.
  package let detail: Text

  package init(pointer: String = "", code: String, detail: Text) {
    self.pointer = pointer
    self.code = code
    self.detail = detail
  }

  /// The same fault seen from further out.
  package func within(_ pointer: String) -> Fault {
    pointer.isEmpty ? self : Fault(pointer: pointer + self.pointer, code: code, detail: detail)
  }
}

/// All the bad values that were found at once; never empty.
package struct Faults: Error, Sendable, Hashable {
  package let list: [Fault]

  package init(_ list: [Fault]) { self.list = list }
}

/// Why a request cannot be answered as asked, in the shape of RFC 9457.
package struct Problem: Error, Sendable, Hashable {
  /// The HTTP status.
  package let status: Int
  /// Stable, in kebab-case; programs may depend on it.
  package let code: String
  /// What kind of problem it is, the same for every occurrence.
  package let title: Text
  /// What went wrong this time, and what to do.
  package let detail: Text
  package let faults: [Fault]

  package init(status: Int, code: String, title: Text, detail: Text, faults: [Fault] = []) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
    self.faults = faults
  }

  /// The answer to a body or document with bad values: 422, `invalid`.
  package init(_ faults: Faults) {
    self.init(
      status: 422, code: "invalid",
      title: Text(zh: "内容无效", en: "Invalid content"),
      detail: Text(
        zh: "提交的内容有 \(faults.list.count) 处错误，详见 errors。",
        en: "What was sent has \(faults.list.count) fault\(faults.list.count == 1 ? "" : "s"); see errors."),
      faults: faults.list)
  }

  /// Writes the `application/problem+json` object: `type`, `status`, `code`, `title`, `detail`, and `errors` when there are any.
  package func write(to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("type")
    writer.string("urn:jiesu:problem:\(code)")
    writer.key("status")
    writer.integer(status)
    writer.key("code")
    writer.string(code)
    writer.key("title")
    writer.string(title[language])
    writer.key("detail")
    writer.string(detail[language])
    if !faults.isEmpty {
      writer.key("errors")
      writer.beginArray()
      for fault in faults { fault.write(to: &writer, in: language) }
      writer.endArray()
    }
    writer.endObject()
  }
}

extension Fault {
  /// Writes `{"pointer", "code", "detail"}`.
  package func write(to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("pointer")
    writer.string(pointer)
    writer.key("code")
    writer.string(code)
    writer.key("detail")
    writer.string(detail[language])
    writer.endObject()
  }
}
