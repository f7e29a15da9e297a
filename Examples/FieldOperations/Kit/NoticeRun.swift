import Apus
import Foundation
import OverdueRequestsKit

/// The state of a run that tells an agency of one request.
struct NoticeRun: GraphState, Equatable {
    var wanted: NoticeWanted
    var since: WallTime
    var decision: Decision?
    var level = DegradationLevel.normal
    var text = ""
    var outcome: NoticeSettled.Outcome = .needless

    init(_ wanted: NoticeWanted, since: WallTime) { (self.wanted, self.since) = (wanted, since) }
}

extension Graph where State == NoticeRun {
    /// Decide by rules, tell the agency through a breaker, and publish what came of it.
    ///
    /// At level 1 a notice is short. At level 2 nobody is told, and it is kept as a draft; so it is when the webhook can't be reached. It
    /// is kept by a node of its own, since the breaker is to see what the webhook does and nothing else.
    static func notice(_ desk: FieldDesk) throws -> Graph<NoticeRun> {
        try Graph("notice") { g in
            let decide = g.node("decide") { notice, context in
                notice.decide(at: context.environment.now().wallTime.local)
                notice.level = context.level(of: desk.degradation)
            }
            let keep = g.node("keep") { notice, _ in notice.keep("nobody is told at the level \(notice.level)") }
            let tell = g.node("tell") { notice, context in
                notice.text = notice.letter(isShort: notice.level >= .reduced)
                let (text, key) = (notice.text, notice.wanted.notice)
                try await context.step("webhook") { (_: String) in
                    try await desk.webhook.send(text, key: key, context.environment)
                }
                notice.outcome = .told
            }
            .timeout(desk.plan.patience)
            .retry(.exponential(attempts: 4, first: .seconds(20), limit: .seconds(300)))
            .breaker(desk.breaker)
            .measured(by: desk.degradation)
            .fallback { notice, _ in notice.keep("the webhook can't be reached") }
            let settle = g.node("settle") { notice, context in
                let settled = NoticeSettled(
                    wanted: notice.wanted, outcome: notice.outcome, text: notice.text,
                    waited: notice.since.duration(to: context.environment.now().wallTime))
                try await desk.bus.publish(settled, id: "\(notice.wanted.notice)-\(notice.wanted.round)-settled")
            }
            .retry(.exponential(attempts: 10, limit: .seconds(600)))
            g.start(at: decide)
            g.route(from: decide, to: [tell, keep, settle]) { notice in
                if notice.decision?.action == .skip { return settle }
                return notice.level >= .limited ? keep : tell
            }
            g.chain(tell, settle)
            g.chain(keep, settle)
        }
    }
}

extension NoticeRun {
    /// The rules of the overdue requests, but without their day of grace: who is told here is a dispatcher.
    fileprivate mutating func decide(at moment: LocalTime) {
        guard wanted.reason == .overdue, let overdue = OverdueRequest(wanted.request, at: moment) else {
            decision = Decision(request: wanted.request, action: .remind, reasons: ["it can't wait"])
            return
        }
        var rules = DecisionRules()
        rules.grace = .zero
        decision = rules.decide(overdue)
    }

    fileprivate func letter(isShort: Bool) -> String {
        let request = wanted.request
        let head = "\(request.agency): \(wanted.reason.rawValue), \(request.complaint) (\(request.key))"
        if isShort { return head }
        return "\(head), \(request.borough.capitalized). \(decision?.reasons.joined(separator: "; ") ?? "")"
    }

    fileprivate mutating func keep(_ reason: String) { (outcome, text) = (.kept, reason) }
}
