import Apus
import OverdueRequestsKit

/// Compares what was wanted with what arrived.
struct FieldAudit: Sendable {
    let plan: FieldPlan
    let bus: EventBus
    let engine: Engine

    init(_ plan: FieldPlan, _ storage: some Storage, _ environment: any Environment) {
        self.plan = plan
        bus = EventBus(storage: storage, environment: environment, name: FieldDesk.busName)
        engine = Engine(storage: storage, environment: environment)
    }

    /// Whether everything has been published, handled and told.
    func isQuiet() async throws -> Bool {
        let consumers = try await bus.consumers()
        guard consumers.count >= 3, consumers.allSatisfy({ $0.lag == 0 }) else { return false }
        guard try await engine.queued(in: FieldDesk.queue, limit: 1).isEmpty, try await opened() == expected else {
            return false
        }
        return try await FieldDesk.notices.rows(on: bus, limit: 100_000).allSatisfy { row in
            row.state?.outcome == .told || row.state?.outcome == .needless
        }
    }

    private var expected: Int { plan.requests.count { WallTime($0.created) <= plan.end } }

    private func opened() async throws -> Int {
        try await FieldDesk.agencies.rows(on: bus).reduce(0) { $0 + $1.state.opened }
    }

    /// What should not be: notices of which nobody was told, or that arrived without having been wanted, or that are dead.
    func problems() async throws -> [String] {
        var problems: [String] = []
        let opened = try await opened()
        if opened != expected { problems.append("\(opened) requests were published, not \(expected)") }
        let rows = try await FieldDesk.notices.rows(on: bus, limit: 100_000)
        let arrived = try await FieldWebhook.arrivals(in: bus.storage)
        for (name, row) in rows {
            switch row?.outcome {
            case .told: if arrived[name] == nil { problems.append("\(name) was told, and did not arrive") }
            case .needless: break
            case .kept, nil: problems.append("\(name) was wanted, and nobody was told")
            }
        }
        let wanted = Set(rows.map(\.row))
        for name in arrived.keys.sorted() where !wanted.contains(name) { problems.append("\(name) was never wanted") }
        for dead in try await bus.deadEvents(of: "dispatch") { problems.append("dead: \(dead)") }
        for letter in try await engine.deadLetters(of: FieldDesk.queue) { problems.append("dead: \(letter)") }
        for run in try await engine.runs(.failed, limit: 100) {
            problems.append("\(run.id) failed: \(run.reason ?? "")")
        }
        return problems
    }
}
