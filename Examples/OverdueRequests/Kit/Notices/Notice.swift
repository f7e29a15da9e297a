import Foundation

/// What one agency is told: its decisions that ask for something, the gravest first.
public struct Notice: Sendable, Codable, Equatable {
    /// The same for the same moment and agency, so that a receiver can tell a repetition.
    public var id: String
    public var agency: String
    public var asOf: LocalTime
    public var decisions: [Decision]

    public init(agency: String, asOf: LocalTime, decisions: [Decision]) {
        id = "\(asOf)/\(agency)"
        self.agency = agency
        self.asOf = asOf
        self.decisions = decisions
    }

    /// One notice an agency, the one with the most to do first, then by name; decisions to skip tell nobody anything.
    public static func grouped(_ decisions: [Decision], asOf: LocalTime) -> [Notice] {
        let asking = decisions.filter { $0.action != .skip }
        return Dictionary(grouping: asking, by: \.request.agency).map { agency, decisions in
            Notice(agency: agency, asOf: asOf, decisions: decisions.sorted(by: graver))
        }.sorted { ($1.decisions.count, $0.agency) < ($0.decisions.count, $1.agency) }
    }

    private static func graver(_ left: Decision, _ right: Decision) -> Bool {
        if left.action.level != right.action.level { return left.action.level > right.action.level }
        let (due, otherDue) = (left.request.due ?? left.request.created, right.request.due ?? right.request.created)
        return (due, left.request.key) < (otherDue, right.request.key)
    }
}

extension Notice {
    /// Whether somebody above the agency's unit is told.
    var escalates: Bool { decisions.contains { $0.action.level > 0 } }

    /// The notice for a person; of many requests it names the first `limit`.
    public func text(naming limit: Int = 3) -> String {
        var lines = ["To \(agency): \(decisions.count) overdue; \(decisions.summary)"]
        for decision in decisions.prefix(limit) {
            let request = decision.request
            let due = request.due.map { ", due \($0.date)" } ?? ""
            lines.append(
                "    \(request.key)  \(request.complaint), \(request.borough.capitalized)\(due): \(decision.action)")
        }
        if decisions.count > limit { lines.append("    and \(decisions.count - limit) more") }
        return lines.joined(separator: "\n")
    }
}
