// SPDX-License-Identifier: Apache-2.0

extension Command {
  /// Every command, in the order in which `help` lists them.
  static let all: [Command] = [
    help, serve, migrate, tenantPlan, tenantApply, tenantList, contractShow, contractDiff, contractAttach, contractLint, contractSettle,
    contractReplay,
    contractSimulate,
    contractSchema, calendarLoad,
    rulePackLoad,
    contractObligations, userAdd, ordersImport, ordersRebuild, keysRotate, demoLoad, doctor, configShow,
  ]
}
