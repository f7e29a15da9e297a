import Apus
import CorpusKit
import Foundation
import Testing

@Suite(.enabled(if: Corpus.isExpected)) struct CronCorpusTests {
    @Test func `every published row that is in the dialect holds`() throws {
        var outside: [String: Int] = [:]
        var held = 0
        var broken: [String] = []
        for row in CronRow.all {
            if let reason = CronDialect.reason(row) {
                outside["\(row.suite): \(reason)", default: 0] += 1
                continue
            }
            if let trouble = Self.trouble(row) { broken.append("\(trouble): \(row)") } else { held += 1 }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
        // The guide lists what is not in the dialect, with its counts.
        let page = URL(filePath: #filePath).appending(path: "../../../../Documentation/Triggers.md").standardized
        let guide = try String(contentsOf: page, encoding: .utf8)
        let rows = outside.keys.sorted().map { key in
            "| \(key.split(separator: ": ")[0]) | \(outside[key] ?? 0) | \(key.split(separator: ": ")[1]) |"
        }
        #expect(
            guide.contains("Of \(CronRow.all.count) published rows (robfig/cron, cron-parser, croniter) \(held) are"))
        for row in rows where !guide.contains(row) { Issue.record("the guide lacks: \(row)") }
    }

    @Test func `what users wrote is read`() throws {
        let rows = try Corpus.lines(of: "vectors/cron-from-n8n-users.jsonl.gz").map { try JSON(parsing: $0) }
        #expect(rows.count == 27)
        for row in rows {
            let text = row["spec"]?.string ?? ""
            #expect(throws: Never.self, "\(text)") { try CronExpression(text) }
        }
    }

    private static func trouble(_ row: CronRow) -> String? {
        let expression: CronExpression
        do {
            expression = try CronExpression(row.text, row.options)
        } catch {
            return row.kind == "invalid" ? nil : "\(error)"
        }
        switch row.kind {
        case "invalid": return "not refused"
        case "appears_in_passing_test": return nil
        case "activation": return activation(row, expression)
        case "next": return next(row, expression)
        default: return sequence(row, expression)
        }
    }

    private static func activation(_ row: CronRow, _ expression: CronExpression) -> String? {
        guard let moment = row.moment(row.json["time"]) else { return "unreadable" }
        let next = expression.next(after: WallTime(milliseconds: moment.milliseconds - 1), in: row.zone)
        return (next == moment) == (row.json["expected"] == true) ? nil : "\(String(describing: next?.date))"
    }

    private static func next(_ row: CronRow, _ expression: CronExpression) -> String? {
        guard let moment = row.moment(row.json["time"]) else { return "unreadable" }
        let next = expression.next(after: moment, in: row.zone)
        return next == row.moment(row.json["expected"]) ? nil : "\(String(describing: next?.date))"
    }

    /// What one object gave, call by call, each from where the one before had come to.
    private static func sequence(_ row: CronRow, _ expression: CronExpression) -> String? {
        let isBefore = row.json["calls"]?.list?.first?[0] == "prev"
        guard var moment = row.moment(row.json["start"], isBefore ? .up : .down) else { return "unreadable" }
        for (number, call) in (row.json["calls"]?.list ?? []).enumerated() {
            let answer = call[1]
            var wanted = row.moment(answer)
            if let pair = answer?.list {
                guard let start = row.moment(pair.first) else { return "unreadable" }
                moment = start
                wanted = row.moment(pair.last)
            } else if wanted == nil, answer?.string?.hasPrefix("ERR") != true {
                return "unreadable"
            }
            let found =
                call[0] == "next"
                ? expression.next(after: moment, in: row.zone) : expression.previous(before: moment, in: row.zone)
            if found != wanted { return "call \(number) gives \(String(describing: found?.date))" }
            if let found { moment = found }
        }
        return nil
    }
}
