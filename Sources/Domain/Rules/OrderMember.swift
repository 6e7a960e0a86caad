// SPDX-License-Identifier: Apache-2.0
import Base

/// A member of the document in which a predicate sees a work order 工单: the one list of what predicates may ask.
///
/// Nothing in it says who the citizen is. `docs/vocabulary.md` shows the same list, and a test holds the two together.
package enum OrderMember: String, Sendable, Hashable, CaseIterable {
  // What every order has a place for.
  case source, stage, grade, category, area, community, title, content, tags, special, department, repeatCount
  // Attributes that sources are known to send; others may be asked for by the names that the source gives them.
  case kind, massIncident

  /// What stands there.
  package enum Form: Sendable, Hashable {
    case text, number, truth
    /// Any number of texts.
    case texts
  }

  package var form: Form {
    switch self {
    case .source, .stage, .grade, .category, .area, .community, .title, .content, .department, .kind: .text
    case .tags: .texts
    case .massIncident, .special: .truth
    case .repeatCount: .number
    }
  }

  package var says: Text {
    switch self {
    case .source:
      Text(
        zh: "来源：city、district、grid、cityManagement、selfFound", en: "where it came from: city, district, grid, cityManagement, selfFound")
    case .stage: Text(zh: "办理阶段", en: "how far it has come")
    case .kind: Text(zh: "诉求性质，如咨询、投诉、建议", en: "what kind of request it is: a consultation, a complaint, a suggestion")
    case .title: Text(zh: "标题", en: "its title")
    case .content: Text(zh: "诉求内容", en: "what the citizen asks for")
    case .category: Text(zh: "类别", en: "its category")
    case .area: Text(zh: "片区", en: "the area it is about")
    case .community: Text(zh: "所属社区或村", en: "the community or village it is about, a department's code")
    case .grade: Text(zh: "时限等级：2h、24h、7d、15d", en: "the grade of its limit: 2h, 24h, 7d, 15d")
    case .tags: Text(zh: "标签", en: "what it was marked with")
    case .massIncident: Text(zh: "是否群体性诉求", en: "whether it is a mass incident")
    case .special: Text(zh: "是否特殊案件，须审批后派单", en: "whether it is a special case, which waits for approval")
    case .repeatCount: Text(zh: "同一来电人此前的同类诉求数", en: "how many orders of the same caller on the same matter came before")
    case .department: Text(zh: "承办单位", en: "the unit that handles it")
    }
  }
}
