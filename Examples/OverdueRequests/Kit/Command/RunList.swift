import Apus
import Foundation

/// Runs and the questions that are open, for a person.
struct RunList {
    let engine: Engine
    let graph: String
    /// What to type to answer a question of a run.
    let answer: (RunID) -> String

    func text() async throws -> String {
        var heads: [RunHead] = []
        for status in RunHead.Status.allCases { heads += try await engine.runs(status, of: graph) }
        if heads.isEmpty { return "There are no runs." }
        heads.sort { ($0.created, $0.id.value) < ($1.created, $1.id.value) }
        let width = heads.map(\.id.value.count).max() ?? 0
        var lines: [String] = []
        for head in heads {
            let gap = String(repeating: " ", count: width - head.id.value.count + 2)
            let reason = head.reason.map { ": \($0)" } ?? ""
            lines.append("\(head.id)\(gap)\(head.created.date.formatted(.iso8601))  \(head.status.rawValue)\(reason)")
            for question in try await engine.questions(of: head.id) {
                lines += question.text.split(separator: "\n").map { "    \($0)" }
                lines.append("    to answer: \(answer(head.id))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
