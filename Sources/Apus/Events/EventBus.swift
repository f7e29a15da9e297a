/// A bus of domain events that are written down in one log, handled by subscribers at least once, and kept in order by key.
///
/// Any number of buses, in any number of processes, may share a storage: those of one name are one bus.
///
/// ```swift
/// struct OrderPlaced: DomainEvent {
///     static let eventType = "order.placed"
///     var order: String
///     var eventKey: String { order }
/// }
///
/// func serve(_ bus: EventBus) async throws {
///     let mail = EventSubscription("mail", to: OrderPlaced.self) { event, delivery in
///         print("order \(event.order), for the \(delivery.attempt). time")
///     }
///     try await withThrowingTaskGroup(of: Void.self) { group in
///         group.addTask { try await bus.run([mail]) }
///         try await bus.publish(OrderPlaced(order: "17"))
///         try await group.next()
///     }
/// }
/// ```
public final class EventBus: Sendable {
    public let storage: any Storage
    public let environment: any Environment
    public let name: String
    public let options: EventBusOptions
    let keys: EventKeys
    let log: EventLog
    let queue: PublishQueue
    let planted = Planted()
    /// Those who look for news.
    let bells = Guarded<[Doorbell]>([])
    /// What the last event in the outbox was called by this bus.
    private let last = Guarded<(time: UInt64, count: Int)>((0, 0))

    public init(
        storage: any Storage, environment: any Environment = .live, name: String = "main",
        options: EventBusOptions = EventBusOptions()
    ) {
        self.storage = storage
        self.environment = environment
        self.name = name
        self.options = options
        keys = EventKeys(name)
        log = EventLog(storage: storage, environment: environment, keys: keys)
        queue = PublishQueue(log, memory: options.idMemory)
    }

    /// Publishes an event; returns its number when it is stored, or `nil` if middleware stopped it or its `id` was published before.
    ///
    /// An `id` makes it safe to publish again what may have been published: from a step of a run, or a handler of an event. Events of
    /// one process get their numbers in the order of the calls. Throws ``StorageError/Code/unknownOutcome`` where the storage can't be
    /// reached to find out; with an `id` publish again.
    @discardableResult
    public func publish(_ event: some DomainEvent, id: String? = nil) async throws -> Int? {
        try await publish(event, id: id, with: StorageBatch())
    }

    /// Publishes an event in one commit with a batch: both are stored, or neither.
    ///
    /// Throws the ``StorageError/Code/conflict`` of the batch. If middleware stops the event the batch is committed alone; if the `id`
    /// was published before, it is not committed again.
    @discardableResult
    public func publish(
        _ event: some DomainEvent, id: String? = nil, with batch: StorageBatch
    ) async throws -> Int? {
        try await publish(record(event, id: id), once: id.map { [keys.id($0)] } ?? [], with: batch)
    }

    func publish(_ record: EventRecord, once: [StorageKey], with batch: StorageBatch) async throws -> Int? {
        var passage = EventPassage(record)
        passage.batch = batch
        try await passage.pass(options.middleware)
        if passage.isStopped {
            try await storage.commit(passage.batch)
            return nil
        }
        let number = try await queue.publish([passage.event], once: once, with: passage.batch)
        ring()
        return number
    }

    func record(_ event: some DomainEvent, id: String?) throws -> EventRecord {
        let id = id ?? RunID(from: environment).value
        return try EventRecord(event, id: id, time: environment.now().wallTime)
    }

    /// Lets everyone who waits for news look.
    func ring() {
        for bell in bells.withLock({ $0 }) { bell.ring() }
    }

    /// Calls `body` with a bell that rings when there may be news.
    func listening<Value>(_ body: (Doorbell) async throws -> Value) async rethrows -> Value {
        let bell = Doorbell()
        bells.withLock { $0.append(bell) }
        defer { bells.withLock { $0.removeAll { $0 === bell } } }
        return try await body(bell)
    }

    /// A place in the outbox behind all that this bus has put there.
    func outboxKey(isOnce: Bool) -> StorageKey {
        let now = UInt64(clamping: environment.now().wallTime.milliseconds)
        let place = last.withLock { last in
            last = now > last.time ? (now, 0) : (last.time, last.count + 1)
            return last
        }
        let key = keys.outbox.appending(place.time).appending(place.count)
            .appending(RunID(from: environment).value)
        return isOnce ? key.appending(StorageKey.once) : key
    }
}

extension StorageBatch {
    /// Publishes an event with whatever else this batch writes: it is published if the batch is committed, and only then.
    ///
    /// Use it where somebody else makes the commit. The event gets its number soon after, from any bus of that name that runs; until
    /// then it waits in an outbox, in which events are ordered by the calendar of those who put them there.
    public mutating func publish(_ event: some DomainEvent, on bus: EventBus, id: String? = nil) throws {
        let record = try bus.record(event, id: id)
        put(record.bytes, at: bus.outboxKey(isOnce: id != nil))
    }
}
