/// A finished review for a person, in a few lines.
struct Summary {
    private let review: OverdueReview

    init(of review: OverdueReview) { self.review = review }

    var text: String {
        [table, decisions, undelivered, problems].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The agencies with overdue requests, one line for the others and one for all.
    private var table: String {
        guard let analysis = review.analysis else { return "" }
        let late = analysis.agencies.filter { $0.count.overdue > 0 }
        let rest = analysis.agencies.filter { $0.count.overdue == 0 }
        var rows = [["agency", "open", "overdue", "due soon"]] + late.map { Self.row($0.name, $0.count) }
        if !rest.isEmpty {
            let count = rest.reduce(into: Analysis.Count()) { $0 += $1.count }
            rows.append(Self.row(rest.count == 1 ? rest[0].name : "\(rest.count) others", count))
        }
        rows.append(Self.row("all", analysis.total))
        return rows.map(Self.line).joined(separator: "\n")
    }

    private static func row(_ name: String, _ count: Analysis.Count) -> [String] {
        [name, "\(count.open)", "\(count.overdue)", "\(count.dueSoon)"]
    }

    private static func line(_ cells: [String]) -> String {
        let gap = { (cell: String, width: Int) in String(repeating: " ", count: max(1, width - cell.count)) }
        return cells[0] + gap(cells[0], 10) + cells.dropFirst().map { gap($0, 9) + $0 }.joined()
    }

    private var decisions: String {
        guard !review.decisions.isEmpty else { return "Nothing is overdue." }
        let decided = "Decided: \(review.decisions.summary).\n\(deciders)"
        return review.approval == .no
            ? "\(decided)\nTo escalate was not approved: reminders went out instead." : decided
    }

    /// Who decided.
    private var deciders: String {
        let byModel = review.decisions.filter { $0.model != nil }
        let failed = review.decisions.compactMap(\.modelFailure)
        if byModel.isEmpty && failed.isEmpty {
            return "Rules decided alone; with OPENAI_API_KEY set a model has a say in what they leave open."
        }
        var text = "Rules decided with \(byModel.first?.model ?? "a model"), which had a say in \(byModel.count)"
        if let failure = failed.first { text += "; it failed for \(failed.count), where the rules remain: \(failure)" }
        return text.hasSuffix(".") ? text : text + "."
    }

    private var undelivered: String {
        review.deliveries.compactMap { delivery in
            delivery.failure.map { "Not told: \(delivery.agency), \(delivery.requests.of("request")): \($0)" }
        }.joined(separator: "\n")
    }

    private var problems: String {
        guard !review.problems.isEmpty else { return "" }
        let shown = review.problems.prefix(10).map { "  \($0)" }
        let more = review.problems.count - shown.count
        let rest = more > 0 ? ["  and \(more) more, all in the report"] : []
        return (["Could not read \(review.problems.count.of("row")) of \(review.source):"] + shown + rest).joined(
            separator: "\n")
    }
}

extension Int {
    /// "1 row", "2 rows".
    func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
