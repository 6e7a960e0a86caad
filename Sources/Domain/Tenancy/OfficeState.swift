// SPDX-License-Identifier: Apache-2.0
import Base

/// An office as the tables hold it, or as its files want it: the two are compared item by item (`TenantPlan`).
package struct OfficeState: Sendable {
  /// What the office is.
  package struct Description: Sendable {
    package let code: String
    package let kind: String
    package let name: Text
    /// The organisation that the office itself is.
    package let organisation: String
    /// An object: district, duty hours, settings.
    package let settings: JSON

    package init(code: String, kind: String, name: Text, organisation: String, settings: JSON) {
      self.code = code
      self.kind = kind
      self.name = name
      self.organisation = organisation
      self.settings = settings
    }
  }

  /// A unit, a village or a community.
  package struct Unit: Sendable, Hashable {
    package let code: String
    package let parent: String?
    package let kind: String
    package let name: Text

    package init(code: String, parent: String?, kind: String, name: Text) {
      self.code = code
      self.parent = parent
      self.kind = kind
      self.name = name
    }
  }

  /// A post that a contract asks to be filled.
  package struct Post: Sendable, Hashable {
    package let contract: String
    package let code: String
    package let title: Text
    /// Zero where the contract fixes no number.
    package let places: Int

    package init(contract: String, code: String, title: Text, places: Int) {
      self.contract = contract
      self.code = code
      self.title = title
      self.places = places
    }
  }

  /// What a contract's row says beside its documents.
  package struct Agreement: Sendable, Hashable {
    package let id: String
    package let vendor: String
    package let title: Text
    /// The days on which the vendor's people may see the office.
    package let access: DateRange

    package init(id: String, vendor: String, title: Text, access: DateRange) {
      self.id = id
      self.vendor = vendor
      self.title = title
      self.access = access
    }
  }

  /// A paper of a contract's chain; two papers never take effect on one day.
  package struct Paper: Sendable {
    package let contract: String
    package let kind: ContractDocument.Revision.Kind
    package let effectiveFrom: CivilDate
    package let document: Filed

    package init(contract: String, kind: ContractDocument.Revision.Kind, effectiveFrom: CivilDate, document: Filed) {
      self.contract = contract
      self.kind = kind
      self.effectiveFrom = effectiveFrom
      self.document = document
    }
  }

  /// A decision table, the latest that is stored of its purpose.
  package struct Rules: Sendable {
    package let purpose: String
    package let document: Filed

    package init(purpose: String, document: Filed) {
      self.purpose = purpose
      self.document = document
    }
  }

  /// The roster rules, the latest that are stored.
  package struct Roster: Sendable {
    /// The first day on which they hold; nil for the day on which they are applied.
    package let effectiveFrom: CivilDate?
    package let document: Filed

    package init(effectiveFrom: CivilDate?, document: Filed) {
      self.effectiveFrom = effectiveFrom
      self.document = document
    }
  }

  /// A JSON document and the file it stands in; two are the same when their digests are.
  package struct Filed: Sendable {
    /// Within the office's directory; what is stored may not know it.
    package let path: String
    package let json: JSON
    /// SHA-256 of the canonical form.
    package let digest: [UInt8]

    package init(path: String, json: JSON, digest: [UInt8]) {
      self.path = path
      self.json = json
      self.digest = digest
    }
  }

  /// A role that a person is to hold.
  package struct Grant: Sendable, Hashable {
    package let person: String
    package let role: String
    /// The unit that it is limited to.
    package let department: String?

    package init(person: String, role: String, department: String?) {
      self.person = person
      self.role = role
      self.department = department
    }
  }

  package var description: Description
  package var organisations: [Organisation] = []
  package var departments: [Unit] = []
  package var roles: [RoleTemplate] = []
  package var agreements: [Agreement] = []
  package var papers: [Paper] = []
  package var posts: [Post] = []
  package var people: [StaffList.Person] = []
  package var assignments: [StaffList.Assignment] = []
  package var grants: [Grant] = []
  package var rules: [Rules] = []
  /// None or one.
  package var roster: [Roster] = []
  package var files: [Filed] = []

  package init(description: Description) { self.description = description }
}

/// An organisation as the platform knows it.
package struct KnownOrganisation: Sendable, Hashable {
  package let code: String
  package let side: Side
  package let name: Text

  package init(code: String, side: Side, name: Text) {
    self.code = code
    self.side = side
    self.name = name
  }
}

/// What an office's files are compared with: what is stored, and what its records refer to for ever.
package struct StoredOffice: Sendable {
  package var state: OfficeState
  /// Units and roles that were once given to somebody, so that they cannot be taken away.
  package var departmentsInUse: Set<String> = []
  package var rolesInUse: Set<String> = []

  package init(state: OfficeState) { self.state = state }
}
