// SPDX-License-Identifier: Apache-2.0
import Crypto
import Store

extension MasterKeys {
  /// The deployment's master keys from the directory of its secrets, both made on first use.
  static func read(_ configuration: Configuration) throws -> MasterKeys {
    try read(inDirectory: Files.makeState(configuration))
  }
}
