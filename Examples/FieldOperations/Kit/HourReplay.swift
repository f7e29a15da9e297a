import Apus
import OverdueRequestsKit

/// The state of a run that lets one hour of the past happen.
struct HourReplay: GraphState {
    var until: LocalTime
    /// `nil` for the first hour, which brings everything that was before.
    var since: LocalTime?
    var opened = 0
    var closed = 0
    var wanted = 0
}

extension HourReplay {
    /// The hour that is over at a moment; what is known of the data ends with the plan.
    init(striking moment: WallTime, _ plan: FieldPlan) {
        let since = WallTime(milliseconds: moment.milliseconds - 3_600_000)
        until = min(moment, plan.end).local
        self.since = since < plan.start ? nil : min(since, plan.end).local
    }
}

extension Graph where State == HourReplay {
    /// Publish what citizens asked for and agencies did in an hour, what is urgent or has become overdue, and what was kept.
    static func hour(_ desk: FieldDesk) throws -> Graph<HourReplay> {
        try Graph("hour") { g in
            let replay = g.node("replay") { hour, _ in
                let part = desk.part(from: hour.since, until: hour.until)
                try await desk.publish(part.opened.map { ($0, "\($0.eventKey)-opened") })
                try await desk.publish(part.closed.map { ($0, "\($0.eventKey)-closed") })
                (hour.opened, hour.closed) = (part.opened.count, part.closed.count)
            }
            let look = g.node("look") { hour, _ in
                let wanted = desk.wanted(from: hour.since, until: hour.until)
                try await desk.publish(wanted.map { ($0, "\($0.notice)-\($0.round)") })
                hour.wanted = wanted.count
            }
            let again = g.node("again") { _, _ in
                if desk.degradation.level == .normal { try await desk.wantDraftsAgain() }
            }
            g.start(at: replay)
            g.chain(replay, look, again)
            for node in [replay, look, again] { node.retry(.exponential(attempts: 10, limit: .seconds(600))) }
        }
    }
}

extension FieldDesk {
    struct Part { var opened: [RequestOpened], closed: [RequestClosed] }

    /// What happened after one moment and up to another.
    func part(from since: LocalTime?, until: LocalTime) -> Part {
        let isIn = { (time: LocalTime) in (since.map { time > $0 } ?? true) && time <= until }
        let opened = plan.requests.filter { isIn($0.created) }.map { request in
            var request = request
            request.closed = nil
            return RequestOpened(request: request)
        }
        let closed = plan.requests.compactMap { request -> RequestClosed? in
            guard let time = request.closed, request.created <= until else { return nil }
            // Some are closed in the data before they were opened; they close when they are known.
            guard isIn(max(time, request.created)) else { return nil }
            return RequestClosed(key: request.key, agency: request.agency, closed: time)
        }
        return Part(opened: opened, closed: closed)
    }

    /// Urgent requests that have just come, and those that have become overdue.
    func wanted(from since: LocalTime?, until: LocalTime) -> [NoticeWanted] {
        plan.requests.compactMap { request in
            var known = request
            known.closed = nil
            if let since, request.created > since, request.created <= until, isUrgent(request) {
                return NoticeWanted(request: known, reason: .urgent)
            }
            let isNew = request.isOverdue(at: until) && since.map { !request.isOverdue(at: $0) } ?? true
            return isNew ? NoticeWanted(request: known, reason: .overdue) : nil
        }
    }

    private func isUrgent(_ request: ServiceRequest) -> Bool {
        DecisionRules().urgentComplaints.contains(request.complaint)
    }

    /// Publishes events side by side, so that they share commits; each once, whatever crashes.
    func publish<Event: DomainEvent>(_ events: [(Event, id: String)]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (event, id) in events { group.addTask { try await self.bus.publish(event, id: id) } }
            try await group.waitForAll()
        }
    }

    /// Lets what was kept as a draft be told after all.
    func wantDraftsAgain() async throws {
        let kept = try await Self.notices.rows(on: bus, limit: 10_000).compactMap(\.state).filter {
            $0.outcome == .kept
        }
        let again = kept.map { row -> NoticeWanted in
            var wanted = row.wanted
            wanted.round += 1
            wanted.since = row.since
            return wanted
        }
        try await publish(again.map { ($0, "\($0.notice)-\($0.round)") })
    }
}
