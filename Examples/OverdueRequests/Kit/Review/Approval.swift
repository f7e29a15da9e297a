import Apus

/// What a person says to escalating.
public enum Approval: String, Sendable, Codable, CaseIterable {
    case yes
    /// Reminders go out instead.
    case no

    /// Lists what would be escalated, agency by agency.
    static func question(about notices: [Notice]) -> Question<Approval> {
        let rows = notices.compactMap { notice -> (agency: String, decisions: [Decision])? in
            let grave = notice.decisions.filter { $0.action.level > 0 }
            return grave.isEmpty ? nil : (notice.agency, grave)
        }
        let count = rows.reduce(0) { $0 + $1.decisions.count }
        let lines = rows.map { "  \($0.agency): \($0.decisions.summary)" }
        let text = (["\(count.of("request")) would be escalated; with no, reminders go out instead."] + lines)
        return Question("escalations", text.joined(separator: "\n"), choices: Approval.allCases)
    }
}
