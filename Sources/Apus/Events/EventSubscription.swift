/// Something that a bus serves while it runs: a subscription, a read model, a trigger.
public protocol EventConsumer: Sendable {
    /// Names it among all consumers of the bus; two processes with the same name share its work.
    var name: String { get }
    /// Consumes events until the task is cancelled.
    func consume(from bus: EventBus) async throws
}

/// A handler of events with a name, under which the bus keeps in mind what has been handled.
///
/// Each event is handled at least once, and events of one key one after the other in their order, while those of different keys are
/// handled side by side. Of several processes that serve a subscription of one name, one does it at a time.
public struct EventSubscription: EventConsumer {
    public let name: String
    public var filter: EventFilter
    public var options: SubscriptionOptions
    let handle: @Sendable (inout EventDelivery) async throws -> Void

    /// A handler of whatever `filter` lets through.
    public init(
        _ name: String, _ filter: EventFilter = EventFilter(), options: SubscriptionOptions = SubscriptionOptions(),
        _ handle: @escaping @Sendable (inout EventDelivery) async throws -> Void
    ) {
        self.name = name
        self.filter = filter
        self.options = options
        self.handle = handle
    }

    /// A handler of the events of one type.
    public init<Event: DomainEvent>(
        _ name: String, to type: Event.Type, keys: EventFilter.Keys = .all,
        options: SubscriptionOptions = SubscriptionOptions(),
        _ handle: @escaping @Sendable (Event, inout EventDelivery) async throws -> Void
    ) {
        let filter = EventFilter(types: [type.eventType], keys: keys)
        self.init(name, filter, options: options) { delivery in
            let event = try delivery.event.decode(type)
            try await handle(event, &delivery)
        }
    }

    public func consume(from bus: EventBus) async throws {
        try await bus.listening { bell in try await EventCourier(self, bus, bell).serve() }
    }
}

/// Which events a consumer wants. It has to decide the same each time.
public struct EventFilter: Sendable {
    /// Which keys a consumer wants.
    public enum Keys: Sendable {
        case all
        case one(String)
        case prefix(String)
        case matching(@Sendable (String) -> Bool)
    }

    /// The types' names; `nil` for all.
    public var types: Set<String>?
    public var keys: Keys

    public init(types: Set<String>? = nil, keys: Keys = .all) {
        self.types = types
        self.keys = keys
    }

    public func admits(_ event: EventRecord) -> Bool {
        if let types, !types.contains(event.type) { return false }
        switch keys {
        case .all: return true
        case .one(let key): return event.key == key
        case .prefix(let prefix): return event.key.hasPrefix(prefix)
        case .matching(let isWanted): return isWanted(event.key)
        }
    }
}

/// How a subscription is served.
public struct SubscriptionOptions: Sendable {
    /// Where a subscription begins of which the bus knows nothing.
    public enum Start: Sendable, Hashable {
        /// With the first event that is kept.
        case beginning
        /// With what is published from now on.
        case now
    }

    public var start = Start.beginning
    /// How many events of different keys are handled at once.
    public var concurrency = 16
    /// How far it may get ahead of an event that still waits for another attempt.
    public var window = 256
    /// When a failed event is tried again; after its last attempt, or an error it does not accept, the event becomes a dead letter.
    public var retry = RetryPolicy.exponential(attempts: 5, first: .milliseconds(200))
    /// How long an attempt may take, if there is a limit.
    public var timeout: Duration?
    /// For how long a process has the subscription that says nothing any more.
    public var lease: Duration = .seconds(15)
    /// What each event goes through before it is handled. One that is stopped counts as handled.
    public var middleware: [EventMiddleware] = []

    public init() {}

    /// When so many processes in a row have died over a subscription, its events are handled one by one, and each attempt is written
    /// down before it begins, so that one that ends its process is counted. That lasts for the events of one window.
    public static var patience: Int { 3 }
}

/// One attempt to handle an event.
public struct EventDelivery: Sendable {
    public let subscriber: String
    /// As middleware left it.
    public package(set) var event: EventRecord
    /// From 1; of attempts that a crash cut short only those count that were written down, see ``SubscriptionOptions/patience``.
    public let attempt: Int
    /// Grows when the subscription passes from one process to another: who checks it takes nothing from one that has lost it.
    public let epoch: Int
    /// What is committed together with the note that the event has been handled, and only then: with effects in this storage alone,
    /// each event takes effect once. A conflict with its preconditions counts as a failed attempt.
    public var batch = StorageBatch()

    /// Publishes an event if this one is handled: once, whatever crashes.
    public mutating func publish(_ event: some DomainEvent, on bus: EventBus) throws {
        try batch.publish(event, on: bus)
    }
}
