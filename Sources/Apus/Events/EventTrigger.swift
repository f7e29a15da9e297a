/// Fires for each event of a bus that its filter lets through, in the order of the log; a firing carries the event's payload.
///
/// Its position is the event's number, so events that are published while no host is there are told afterwards. The bus keeps
/// what the trigger has not told yet, as it does for subscribers, and lists it among its consumers.
public final class EventTrigger: Trigger {
    public let name: String
    private let bus: EventBus
    private let filter: EventFilter
    private let bells = Guarded<[String: Doorbell]>([:])

    private static let page = 128

    public init(_ name: String, on bus: EventBus, _ filter: EventFilter = EventFilter()) {
        self.name = name
        self.bus = bus
        self.filter = filter
    }

    /// Fires for the events of one type.
    public convenience init<Event: DomainEvent>(
        _ name: String, on bus: EventBus, to type: Event.Type, keys: EventFilter.Keys = .all
    ) {
        self.init(name, on: bus, EventFilter(types: [type.eventType], keys: keys))
    }

    public func register(_ registration: TriggerRegistration) async throws -> Firings {
        var next: Int
        if let position = registration.position.flatMap({ Int($0.rawValue) }) {
            next = position + 1
        } else {
            next = try await bus.sequence(of: .time(registration.since))
        }
        next = try await pin(next)
        let bell = Doorbell()
        bells.withLock { $0[registration.id] = bell }
        bus.bells.withLock { $0.append(bell) }
        let watch = Guarded(EventWatch(next: next))
        return Firings { [self] in
            while !Task.isCancelled, bells.withLock({ $0[registration.id] != nil }) {
                if let arrival = watch.withLock({ $0.arrival(filter) }) { return arrival }
                do {
                    let (first, pinned) = watch.withLock { ($0.next, $0.pinned) }
                    let page = try await bus.log.events(from: first, limit: Self.page)
                    watch.withLock { $0.waiting = page[...] }
                    if !page.isEmpty, first < pinned + Self.page { continue }
                    if first > pinned {
                        try await bus.storage.put(SubscriptionCursor(position: first).bytes, at: bus.keys.cursor(name))
                        watch.withLock { $0.pinned = first }
                    }
                    if !page.isEmpty { continue }
                } catch let error as StorageError where error.failureKind == .transient {
                    // It is looked again.
                } catch let error as EventBusError where error.code == .trimmed {
                    // Another host has had all before it told, or it would be there.
                    let first = try await bus.sequence(of: .beginning)
                    watch.withLock { $0.next = max($0.next, first) }
                    continue
                }
                await bell.wait(bus.options.poll, registration.environment)
            }
            return nil
        }
    }

    public func unregister(_ registration: TriggerRegistration) {
        guard let bell = bells.withLock({ $0.removeValue(forKey: registration.id) }) else { return }
        bus.bells.withLock { $0.removeAll { $0 === bell } }
        bell.ring()
    }

    /// Lets the bus keep all events from a number on, or from the first that it still has.
    private func pin(_ next: Int) async throws -> Int {
        while true {
            let entry = try await bus.storage.read([bus.keys.first])[0]
            let floor = try EventFloor(entry?.value, at: bus.keys.first)
            let start = max(next, floor.first)
            var batch = StorageBatch()
            floor.claim(entry?.value, at: bus.keys.first, in: &batch)
            batch.put(try SubscriptionCursor(position: start).bytes, at: bus.keys.cursor(name))
            do {
                try await bus.storage.commit(batch)
                return start
            } catch let error as StorageError where error.code == .conflict {
                try Task.checkCancellation()
            }
        }
    }
}

/// What one registration of an ``EventTrigger`` has read.
private struct EventWatch: Sendable {
    /// The number of the event that is looked at next.
    var next: Int
    /// All before it may be dropped.
    var pinned: Int
    /// What was read and not looked at.
    var waiting: ArraySlice<EventRecord> = []

    init(next: Int) { (self.next, pinned) = (next, next) }

    /// What is told next; for events that nobody wants, how far they reach.
    mutating func arrival(_ filter: EventFilter) -> Arrival? {
        var passed: Int?
        while let event = waiting.popFirst() {
            next = event.sequence + 1
            let position = TriggerPosition("\(event.sequence)")
            if filter.admits(event) {
                return Arrival(Firing(position.rawValue, due: event.time, payload: event.payload, position: position))
            }
            passed = event.sequence
        }
        return passed.map { Arrival(movingTo: TriggerPosition("\($0)")) }
    }
}
