// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP
import Synchronization

/// Every route there is.
package enum RouteTable {
  /// The routes of one event loop; the API document is made of them on first use.
  package static func all(_ services: Services) -> [Route] {
    let document = Document()
    let routes = [
      HealthRoutes.all(services, document: document.bytes), SessionRoutes.all(services), UserRoutes.all(services),
      PlatformRoutes.all(services), ApplyRoutes.all(services), OfficeRoutes.all(services), MemberRoutes.all(services),
      RosterRoutes.all(services), ShiftRoutes.all(services), RosterProposalRoutes.all(services), LeaveRoutes.all(services),
      LeaveReturnRoutes.all(services), SwapRoutes.all(services), RosterTableRoutes.all(services), AttendanceRoutes.all(services),
      AttendanceTableRoutes.all(services), AttendanceImportRoutes.all(services), MarkCorrectionRoutes.all(services),
      StaffRoutes.all(services), PostingRoutes.all(services), ConditionRoutes.all(services), ClearanceRoutes.all(services),
      StaffChangeRoutes.all(services), StaffDemandRoutes.all(services),
      IncidentRoutes.all(services), ScoreSheetRoutes.all(services), GradeRoutes.all(services), PointsRoutes.all(services),
      ScoreSheetTableRoutes.all(services), AcceptanceTableRoutes.all(services), DeemedTableRoutes.all(services),
      RateRoutes.all(services),
      ReportRoutes.all(services),
      ObligationRoutes.all(services), CalendarRoutes.all(services), CalendarFeedRoutes.all(services), NoticeRoutes.all(services),
      ContractRoutes.all(services), RevisionRoutes.all(services), ContractTextRoutes.all(services), LintRoutes.all(services),
      FactRoutes.all(services), SettlementRoutes.all(services),
      SettlementStepRoutes.all(services),
      SettlementRecordRoutes.all(services),
      SettlementPageRoutes.all(services),
      IncidentTableRoutes.all(services), ObligationTableRoutes.all(services), OrderTableRoutes.all(services),
      VendorRoutes.all(services),
      ScenarioRoutes.all(services),
      RuleRoutes.all(services),
      OrderRoutes.all(services), OrderIntakeRoutes.all(services), OrderStepRoutes.all(services), OrderFactRoutes.all(services),
      OrderContactRoutes.all(services), OrderRepeatRoutes.all(services),
      ComplainantRoutes.all(services), ComplainantMarkRoutes.all(services), ComplainantRecordRoutes.all(services),
      AttachmentRoutes.all(services), RecordingRoutes.all(services), StorageRoutes.all(services),
      ClockRoutes.all(services),
      IntakeMapRoutes.all(services), OrderBatchRoutes.all(services), OrderBoardRoutes.all(services),
    ].flatMap { $0 }
    document.set { OpenAPI.document(of: routes) }
    return routes
  }

  /// The document, written once.
  private final class Document: Sendable {
    private let written = Mutex<[UInt8]>([])
    private let make = Mutex<(@Sendable () -> JSON)?>(nil)

    func set(_ make: @escaping @Sendable () -> JSON) { self.make.withLock { $0 = make } }

    @Sendable func bytes() -> [UInt8] {
      written.withLock { written in
        if written.isEmpty, let make = make.withLock({ $0 }) {
          var writer = JSONWriter(capacity: 1 << 16)
          writer.value(make())
          written = writer.bytes
        }
        return written
      }
    }
  }
}
