// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

extension Problem {
  /// 401: nobody is signed in.
  package static let noSession = Problem(
    status: 401, code: "no-session", title: Text(zh: "未登录", en: "Not signed in"),
    detail: Text(
      zh: "请先登录（POST /v1/session），再带上会话 Cookie 或 Bearer 令牌。",
      en: "Sign in first (POST /v1/session), then send the session cookie or the bearer token."))

  /// 403: signed in, without the permission.
  package static func forbidden(_ permission: String) -> Problem {
    Problem(
      status: 403, code: "forbidden", title: Text(zh: "无权限", en: "Not permitted"),
      detail: Text(zh: "此操作需要权限 \(permission)。", en: "This needs the permission \(permission)."))
  }

  /// 403: a decision on one's own side's proposal, or on one's own.
  package static func ownProposal(_ detail: Text) -> Problem {
    Problem(status: 403, code: "own-proposal", title: Text(zh: "不得自行决定", en: "Not yours to decide"), detail: detail)
  }

  /// 403: a browser sent it from a page of another origin.
  package static let foreignOrigin = Problem(
    status: 403, code: "foreign-origin", title: Text(zh: "来源不符", en: "Foreign origin"),
    detail: Text(zh: "请求来自其他网站的页面，已拒绝。", en: "The request comes from another site's page and was refused."))

  /// 404: there is nothing here for the caller, whether or not it exists for others.
  package static let notFound = Problem(
    status: 404, code: "not-found", title: Text(zh: "未找到", en: "Not found"),
    detail: Text(zh: "没有此资源，或您无权知道它的存在。", en: "There is no such resource, or it is not yours to know of."))

  /// 405: the path exists for other methods.
  package static func methodNotAllowed(_ methods: String) -> Problem {
    Problem(
      status: 405, code: "method-not-allowed", title: Text(zh: "方法不允许", en: "Method not allowed"),
      detail: Text(zh: "此路径只接受：\(methods)。", en: "This path takes only: \(methods)."))
  }

  /// 409: the state of things does not allow it.
  package static func conflict(_ code: String, _ detail: Text) -> Problem {
    Problem(status: 409, code: code, title: Text(zh: "与现状冲突", en: "Conflict"), detail: detail)
  }

  /// 412: it changed since the caller read it.
  package static let changedSince = Problem(
    status: 412, code: "changed-since", title: Text(zh: "已被他人修改", en: "Changed since"),
    detail: Text(
      zh: "If-Match 与当前版本不符：请重新读取后再修改。", en: "If-Match does not name the current version: read it again, then change it."))

  /// 428: a change must say which version it is a change of.
  package static let versionRequired = Problem(
    status: 428, code: "version-required", title: Text(zh: "缺少版本", en: "Version required"),
    detail: Text(zh: "修改须带 If-Match，其值为读取时得到的 ETag。", en: "A change must carry If-Match with the ETag that was read."))

  /// 422: an idempotency key that was used for another request.
  package static let keyReused = Problem(
    status: 422, code: "idempotency-key-reused", title: Text(zh: "幂等键已用于其他请求", en: "Idempotency key used for another request"),
    detail: Text(
      zh: "同一 Idempotency-Key 已用于内容不同的请求；请换新的键。",
      en: "This Idempotency-Key stood on a request with other content; use a new key."))

  /// 400: an idempotency key that cannot be one.
  package static let badKey = Problem(
    status: 400, code: "bad-idempotency-key", title: Text(zh: "幂等键无效", en: "Bad idempotency key"),
    detail: Text(
      zh: "Idempotency-Key 应为 1 到 128 个可见 ASCII 字符。", en: "An Idempotency-Key is 1 to 128 visible ASCII characters."))

  /// 415: a body of another media type than JSON.
  package static let notJSON = Problem(
    status: 415, code: "not-json", title: Text(zh: "媒体类型不支持", en: "Unsupported media type"),
    detail: Text(zh: "请求内容须为 application/json。", en: "The content must be application/json."))

  /// 400: a body that is not JSON.
  package static func malformed(_ error: JSONError) -> Problem {
    Problem(
      status: 400, code: "malformed-json", title: Text(zh: "JSON 格式错误", en: "Malformed JSON"), detail: error.text)
  }

  /// 400: the content did not come to its end. The client hears it only where it has merely stopped sending.
  package static let contentCut = Problem(
    status: 400, code: "content-cut", title: Text(zh: "请求内容中断", en: "Content cut off"),
    detail: Text(zh: "请求内容未发送完。", en: "The content did not come to its end."))

  /// 422: a value in the query that cannot be read.
  package static func badQuery(_ name: String, _ detail: Text) -> Problem {
    Problem(Faults([Fault(pointer: "?\(name)", code: "bad-query", detail: detail)]))
  }

  /// 503: more work than can be taken on now.
  package static let overloaded = Problem(
    status: 503, code: "overloaded", title: Text(zh: "系统繁忙", en: "Overloaded"),
    detail: Text(zh: "请稍后重试。", en: "Try again in a moment."))

  /// 503: the database cannot be reached; nothing was done.
  package static let databaseUnavailable = Problem(
    status: 503, code: "database-unavailable", title: Text(zh: "数据库暂不可用", en: "Database unavailable"),
    detail: Text(zh: "数据库暂不可用，操作未执行；请稍后重试。", en: "The database cannot be reached and nothing was done; try again in a moment."))

  /// 503: the database went away in the middle.
  package static let outcomeUnknown = Problem(
    status: 503, code: "outcome-unknown", title: Text(zh: "结果未知", en: "Outcome unknown"),
    detail: Text(
      zh: "与数据库的连接中断，不知操作是否完成；带相同 Idempotency-Key 重试是安全的。",
      en:
        "The connection to the database was lost and it is not known whether this was done; repeating with the same Idempotency-Key is safe."
    ))

  /// 500: a fault of ours; what happened stands in the log under the request's id.
  package static let unexpected = Problem(
    status: 500, code: "unexpected", title: Text(zh: "内部错误", en: "Internal error"),
    detail: Text(zh: "内部错误，已按请求编号记入日志。", en: "An internal error; the log has it under the request id."))

  /// The problem as an answer in the caller's language.
  package func response(in language: Language) -> Response {
    var writer = JSONWriter(capacity: 384)
    write(to: &writer, in: language)
    var response = Response.problem(writer.bytes, status: Status(UInt16(clamping: status)))
    response.headers.append(.contentLanguage, language == .zh ? "zh-CN" : "en")
    switch status {
    case 401: response.headers.append(.wwwAuthenticate, "Bearer realm=\"jiesu\"")
    case 503: response.headers.append(.retryAfter, "1")
    default: break
    }
    return response
  }
}
