// SPDX-License-Identifier: Apache-2.0
import Domain

/// Who may call a route. There is no default: a route that does not say it cannot be written down.
package enum Access: Sendable {
  /// Anybody, without a session; the reason stands beside it.
  case anyone(because: StaticString)
  /// Anybody who is signed in, about themselves.
  case signedIn
  /// Holders of a platform role with this permission.
  case platform(Permission)
  /// Members of the office named in the path whose roles hold this permission.
  case tenant(Permission)

  /// The permission as the OpenAPI document shows it (`x-permission`).
  package var permission: Permission? {
    switch self {
    case .anyone, .signedIn: nil
    case .platform(let permission), .tenant(let permission): permission
    }
  }
}

extension Access {
  /// Whether a repeated POST may be answered from what is stored: in an office and on the platform.
  var keepsAnswers: Bool {
    switch self {
    case .tenant, .platform: true
    default: false
    }
  }
}
