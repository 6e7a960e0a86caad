// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Postgres

/// The process's numbers in Prometheus' text format.
enum Metrics {
  static func text(_ server: ServerMetrics, reads: [Lanes.Status], writes: [Lanes.Status], timers: TimerMetrics) -> String {
    var text = ""
    func put(_ name: String, _ kind: String, _ help: String, _ values: [(labels: String, value: Int)]) {
      text += "# HELP jiesu_\(name) \(help)\n# TYPE jiesu_\(name) \(kind)\n"
      for (labels, value) in values { text += "jiesu_\(name)\(labels) \(value)\n" }
    }
    put("connections_open", "gauge", "Open HTTP connections.", [("", server.connectionsOpen)])
    put("connections_accepted_total", "counter", "Accepted HTTP connections.", [("", server.connectionsAccepted)])
    put("connections_evicted_total", "counter", "Idle connections closed to make room.", [("", server.connectionsEvicted)])
    put("timeouts_total", "counter", "Connections ended because the other side took too long.", [("", server.timeouts)])
    put("requests_running", "gauge", "Requests being worked on.", [("", server.requestsRunning)])
    put(
      "responses_total", "counter", "Responses by class of status.",
      (2...5).map { ("{class=\"\($0)xx\"}", server.responses[$0]) })
    put("refused_total", "counter", "Requests refused before routing.", [("", server.refusals.values.reduce(0, +))])
    put("received_bytes_total", "counter", "Octets received.", [("", server.octetsReceived)])
    put("sent_bytes_total", "counter", "Octets sent.", [("", server.octetsSent)])
    text += latency(server.latency)
    put(
      "database_connections_ready", "gauge", "Database connections that take requests.",
      [("{lane=\"read\"}", reads.map(\.ready).reduce(0, +)), ("{lane=\"write\"}", writes.map(\.ready).reduce(0, +))])
    put(
      "database_requests_running", "gauge", "Database requests under way.",
      [("{lane=\"read\"}", reads.map(\.underWay).reduce(0, +)), ("{lane=\"write\"}", writes.map(\.underWay).reduce(0, +))])
    put(
      "database_requests_queued", "gauge", "Database requests that wait for room.",
      [("{lane=\"read\"}", reads.map(\.queued).reduce(0, +)), ("{lane=\"write\"}", writes.map(\.queued).reduce(0, +))])
    let works = timers.all
    put(
      "timer_fired_total", "counter", "Things done because they fell due.",
      works.map { ("{work=\"\($0.work)\"}", $0.numbers.fired) })
    put(
      "timer_failures_total", "counter", "Failed attempts at what fell due.",
      works.map { ("{work=\"\($0.work)\"}", $0.numbers.failures) })
    text += "# HELP jiesu_timer_lag_seconds How long the oldest thing due has been so.\n# TYPE jiesu_timer_lag_seconds gauge\n"
    for (work, numbers) in works { text += "jiesu_timer_lag_seconds{work=\"\(work)\"} \(seconds(Int(numbers.lag)))\n" }
    return text
  }

  private static func latency(_ latency: ServerMetrics.Latency) -> String {
    var text =
      "# HELP jiesu_request_seconds Time from a request's reading to its answer's writing.\n# TYPE jiesu_request_seconds histogram\n"
    var sum = 0
    for (bound, count) in zip(ServerMetrics.Latency.bounds, latency.counts) {
      sum += count
      text += "jiesu_request_seconds_bucket{le=\"\(seconds(bound))\"} \(sum)\n"
    }
    let all = latency.counts.reduce(0, +)
    text += "jiesu_request_seconds_bucket{le=\"+Inf\"} \(all)\n"
    text += "jiesu_request_seconds_sum \(seconds(latency.sum))\njiesu_request_seconds_count \(all)\n"
    return text
  }

  /// Microseconds as seconds.
  private static func seconds(_ microseconds: Int) -> String {
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }
}
