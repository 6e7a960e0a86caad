// SPDX-License-Identifier: Apache-2.0

/// How the text of a file is written in octets, found out once for the whole file.
package enum FileEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  /// What the city's exports come in (GB 18030); GBK and GB 2312 are parts of it.
  case gb18030
  /// The one of the two that the first line beyond ASCII is written in.
  case automatic = "auto"
}
