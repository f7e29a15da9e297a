public import Apus
import OverdueRequestsKit

/// Where one agency stands.
struct AgencyRow: Codable, Sendable {
    var opened = 0
    var closed = 0
    var told = 0
    var kept = 0
    var longestWait = Duration.zero
}

/// Where one notice stands.
struct NoticeRow: Codable, Sendable {
    var wanted: NoticeWanted
    var since: WallTime
    var outcome: NoticeSettled.Outcome?
}

/// All that a host of field operations is made of, and what runs there.
final class FieldDesk: Sendable {
    static let queue = "notices"

    static let busName = "field"

    let plan: FieldPlan
    let environment: any Environment
    let bus: EventBus
    let engine: Engine
    let webhook: FieldWebhook
    let degradation: Degradation
    let breaker: CircuitBreaker
    let log = DayLog()
    let metrics = MetricsRegistry()
    let statistics: RunStatistics
    let alerts: AlertWatch

    static let agencies = ReadModel<AgencyRow>(
        "agencies", from: AgencyRow(), rows: { record in try FieldDesk.agency(of: record) },
        { row, record in try row.fold(record) })
    static let notices = ReadModel<NoticeRow?>(
        "notices", EventFilter(types: [NoticeWanted.eventType, NoticeSettled.eventType]), from: nil,
        rows: { record in try FieldDesk.notice(of: record) }, { row, record in try row.fold(record) })

    init(
        _ plan: FieldPlan, in storage: some Storage, _ configuration: Configuration, _ environment: any Environment
    ) throws {
        self.plan = plan
        self.environment = environment
        webhook = FieldWebhook(outages: plan.outages, in: storage)
        bus = EventBus(storage: storage, environment: environment, name: Self.busName, options: plan.busOptions)
        statistics = RunStatistics(window: .seconds(plan.hours * 3_600 + 86_400), environment: environment)
        engine = Engine(
            storage: storage, environment: environment, options: plan.engineOptions,
            observers: [RunMetrics(metrics), statistics])
        degradation = Degradation("field", plan.degradation, environment: environment)
        breaker = CircuitBreaker("webhook", .consecutive(5, openTime: configuration[FieldSettings.openTime]))
        alerts = AlertWatch(FieldAlerts.rules, of: metrics, to: [log], environment: environment)
        showGauges()
        engine.host(plan.queue(configuration))
        engine.register(try .notice(self))
        // Hours follow each other, and none is left out, however late a host takes it up.
        let policy = TriggerPolicy(misfire: .runAll(upTo: 10_000), overlap: .queue(upTo: 10_000))
        engine.add(try .cron("hour", "0 * * * *"), policy: policy, starting: try .hour(self)) { firing in
            HourReplay(striking: firing.due, plan)
        }
    }

    /// Works until the task is cancelled.
    func run() async throws {
        let dispatch = try dispatcher()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.engine.run() }
            group.addTask { try await self.bus.run([dispatch, Self.agencies, Self.notices]) }
            group.addTask { try await self.probe() }
            group.addTask { await self.degradation.run() }
            group.addTask { await self.degradation.follow(self.breaker, as: "webhook") }
            group.addTask { await self.log.watch(self.degradation, self.environment) }
            group.addTask { await self.log.watch(self.breaker) }
            group.addTask { try await self.alerts.run(every: .seconds(60)) }
            defer { group.cancelAll() }
            while try await group.next() != nil {}
        }
    }

    /// Asks now and then whether the webhook is back: at level 2 nobody else does.
    private func probe() async throws {
        while true {
            try await environment.sleep(for: .seconds(300))
            if breaker.state == .closed { continue }
            // What it fails with is the breaker's affair.
            _ = try? await breaker.run(in: environment) { try await webhook.ping(environment) }
        }
    }

    /// Puts a run into the queue for each notice that is wanted: keyed by agency, what is urgent first.
    private func dispatcher() throws -> EventSubscription {
        let graph = try Graph<NoticeRun>.notice(self)
        var options = SubscriptionOptions()
        options.lease = plan.lease
        return EventSubscription("dispatch", to: NoticeWanted.self, options: options) { wanted, delivery in
            let terms = WorkTerms(key: wanted.request.agency, priority: wanted.reason == .urgent ? 1 : 0)
            try await self.engine.enqueue(
                graph, from: NoticeRun(wanted, since: wanted.since ?? delivery.event.time), in: Self.queue, terms,
                id: RunID("\(wanted.notice)-\(wanted.round)"))
        }
    }

    private static func agency(of record: EventRecord) throws -> String {
        switch record.type {
        case RequestOpened.eventType: try record.decode(RequestOpened.self).request.agency
        case RequestClosed.eventType: try record.decode(RequestClosed.self).agency
        case NoticeWanted.eventType: try record.decode(NoticeWanted.self).request.agency
        default: try record.decode(NoticeSettled.self).wanted.request.agency
        }
    }

    private static func notice(of record: EventRecord) throws -> String {
        if record.type == NoticeWanted.eventType { return try record.decode(NoticeWanted.self).notice }
        return try record.decode(NoticeSettled.self).wanted.notice
    }
}

/// What can be set from outside: `FIELD_NOTICES_PER_AGENCY=4`.
public enum FieldSettings {
    public static let perAgency = ConfigurationKey("notices.perAgency", default: 2, wanted: "a number from 1 on") {
        $0 > 0
    }
    public static let openTime = ConfigurationKey("breaker.openTime", default: Duration.seconds(600)) { $0 > .zero }
}

extension AgencyRow {
    fileprivate mutating func fold(_ record: EventRecord) throws {
        switch record.type {
        case RequestOpened.eventType: opened += 1
        case RequestClosed.eventType: closed += 1
        case NoticeSettled.eventType:
            let settled = try record.decode(NoticeSettled.self)
            switch settled.outcome {
            case .told:
                told += 1
                longestWait = max(longestWait, settled.waited)
            case .kept: kept += 1
            case .needless: break
            }
        default: break
        }
    }
}

extension NoticeRow? {
    fileprivate mutating func fold(_ record: EventRecord) throws {
        if record.type == NoticeWanted.eventType {
            self = NoticeRow(wanted: try record.decode(NoticeWanted.self), since: self?.since ?? record.time)
        } else {
            self?.outcome = try record.decode(NoticeSettled.self).outcome
        }
    }
}
