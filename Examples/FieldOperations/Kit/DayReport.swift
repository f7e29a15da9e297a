import Apus
import Foundation
import OverdueRequestsKit

/// What a day of field operations came to.
public struct DayReport: Sendable {
    /// What happened in one hour.
    struct Hour: Sendable {
        var opened = 0
        var closed = 0
        var wanted = 0
        var told = 0
        var kept = 0
        var answered = 0
        var failed = 0
    }

    /// A state that lasted for a while, in hours since the beginning.
    struct Span: Sendable {
        var from: Double
        var to: Double
        var name: String
        var reason = ""
    }

    let title: String
    let hours: [Hour]
    let agencies: [(name: String, row: AgencyRow)]
    let levels: [Span]
    let breaker: [Span]
    /// What a person was told, and when in hours since the beginning.
    let alerts: [(moment: Double, text: String)]
    let runs: [(graph: String, summary: RunSummary)]
    /// The page that a scraper would have read at the end.
    public let metrics: String
    let repeats: Int
    let lost: Int
    /// What should not be: notices that nobody was told of, or that arrived without having been wanted. Empty on a good day.
    public let problems: [String]

    init(of desk: FieldDesk, _ audit: FieldAudit) async throws {
        let events = try await desk.bus.events(limit: 1_000_000)
        let start = desk.plan.start
        let end = max(desk.plan.end, WallTime(milliseconds: desk.environment.now().wallTime.milliseconds))
        let last = end.hours(since: start) + 1
        title = "Field operations from \(start.local) on, \(desk.plan.hours) hours"
        hours = try Self.hours(events, desk, last)
        agencies = try await FieldDesk.agencies.rows(on: desk.bus).map { ($0.row, $0.state) }
            .sorted { ($1.row.opened, $0.name) < ($0.row.opened, $1.name) }
        let position = { (moment: WallTime) in Double(moment.milliseconds - start.milliseconds) / 3_600_000 }
        levels = Self.spans(
            desk.log.levels.map { (position($0.moment), "\($0.level)", $0.reason) }, from: "normal", to: Double(last))
        breaker = Self.spans(
            desk.log.breaker.map { (position($0.time.wallTime), $0.to.rawValue, "") }, from: "closed", to: Double(last))
        alerts = desk.log.alerts.map { (position($0.time), $0.text) }
        runs = desk.statistics.graphs.compactMap { graph in
            desk.statistics.summary(of: graph).map { (graph, $0) }
        }
        metrics = desk.metrics.page()
        let calls = desk.webhook.calls
        (repeats, lost) = (calls.count { $0.outcome == .repeated }, calls.count { $0.outcome == .lost })
        problems = try await audit.problems()
    }

    var total: Hour {
        hours.reduce(into: Hour()) { sum, hour in
            sum.opened += hour.opened
            sum.closed += hour.closed
            sum.wanted += hour.wanted
            sum.told += hour.told
            sum.kept += hour.kept
            sum.answered += hour.answered
            sum.failed += hour.failed
        }
    }

    private static func hours(_ events: [EventRecord], _ desk: FieldDesk, _ count: Int) throws -> [Hour] {
        var hours = Array(repeating: Hour(), count: max(1, count))
        let place = { (moment: WallTime) in min(max(0, moment.hours(since: desk.plan.start)), hours.count - 1) }
        for event in events {
            switch event.type {
            case RequestOpened.eventType:
                let moment = WallTime(try event.decode(RequestOpened.self).request.created)
                if moment >= desk.plan.start { hours[place(moment)].opened += 1 }
            case RequestClosed.eventType:
                let moment = WallTime(try event.decode(RequestClosed.self).closed)
                if moment >= desk.plan.start { hours[place(moment)].closed += 1 }
            case NoticeWanted.eventType where try event.decode(NoticeWanted.self).round == 0:
                hours[place(event.time)].wanted += 1
            case NoticeSettled.eventType:
                switch try event.decode(NoticeSettled.self).outcome {
                case .told: hours[place(event.time)].told += 1
                case .kept: hours[place(event.time)].kept += 1
                case .needless: break
                }
            default: break
            }
        }
        for call in desk.webhook.calls {
            switch call.outcome {
            case .accepted, .repeated: hours[place(call.moment)].answered += 1
            case .failed, .lost: hours[place(call.moment)].failed += 1
            }
        }
        return hours
    }

    private static func spans(_ changes: [(Double, String, String)], from first: String, to end: Double) -> [Span] {
        var spans = [Span(from: 0, to: end, name: first)]
        for (moment, name, reason) in changes {
            spans[spans.count - 1].to = moment
            // What lasted for less than a minute was only tried.
            if let last = spans.last, last.to - last.from < 1.0 / 60 { spans.removeLast() }
            if spans.last?.name == name {
                spans[spans.count - 1].to = end
            } else {
                spans.append(Span(from: moment, to: end, name: name, reason: reason))
            }
        }
        return spans
    }
}

extension DayReport: CustomStringConvertible {
    public var description: String {
        let total = total
        var lines = [
            title, "",
            "\(total.opened) requests came, \(total.closed) were closed; \(total.wanted) notices were wanted, "
                + "\(total.told) told, \(total.kept) times one was kept for later.",
            "The webhook answered \(total.answered) of \(total.answered + total.failed) calls; "
                + "\(lost) answers were lost, \(repeats) notices came again and were known by their keys.",
            "", "hour    new closed wanted  told  kept   calls failed",
        ]
        for (hour, row) in hours.enumerated() {
            let numbers = [
                row.opened, row.closed, row.wanted, row.told, row.kept, row.answered + row.failed, row.failed,
            ]
            lines.append(pad("\(hour % 24)h", 4) + numbers.map { pad("\($0)", 7) }.joined())
        }
        lines += ["", "level"]
        lines += levels.map { "  \(clock($0.from))  \($0.name)\($0.reason.isEmpty ? "" : ", \($0.reason)")" }
        lines += ["", "circuit to the webhook"] + breaker.map { "  \(clock($0.from))  \($0.name)" }
        lines += ["", "alerts"] + alerts.map { "  \(clock($0.moment))  \($0.text)" }
        lines += ["", "agency     new closed  told  kept  longest wait"]
        for (name, row) in agencies.prefix(12) {
            let numbers = [row.opened, row.closed, row.told, row.kept]
            let wait = "\(row.longestWait.components.seconds / 60) min"
            lines.append(
                "  " + name.padding(toLength: 6, withPad: " ", startingAt: 0) + numbers.map { pad("\($0)", 6) }.joined()
                    + pad(wait, 14))
        }
        lines += ["", "runs       count  well      median    99 of 100"] + runs.map(row)
        lines += [""] + (problems.isEmpty ? ["Nothing was lost, nothing came twice unnoticed."] : problems)
        return lines.joined(separator: "\n")
    }

    private func row(_ graph: String, _ summary: RunSummary) -> String {
        let share = summary.successRate.map { String(format: "%.1f %%", $0 * 100) } ?? "-"
        let times = [0.5, 0.99].map { quantile in
            summary.durations.quantile(quantile).map { String(format: "%.1f s", $0) } ?? "-"
        }
        return "  " + graph.padding(toLength: 8, withPad: " ", startingAt: 0) + pad("\(summary.count)", 6)
            + pad(share, 9) + times.map { pad($0, 12) }.joined()
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    func clock(_ hours: Double) -> String {
        let minutes = Int(hours * 60)
        return pad("\(minutes / 60)", 2) + ":" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
    }
}
