/// One commit of a subscription: the cursor, the lease, and what was handled.
struct CursorWrite: Sendable {
    var cursor: SubscriptionCursor
    var bytes: [UInt8]
    var batch: StorageBatch
    /// What is written down as handled or dead with it.
    var sequences: [Int]
    var start: Instant
}

extension DeliveryRound {
    /// How many leases an owner has lived whose end says nothing about the events it was handling.
    private static let goodLife = 10

    /// What there is to write down. `isLast` lets go of the subscription.
    mutating func nextWrite(isLast: Bool) -> CursorWrite? {
        // Preconditions look at what was there before the commit, so one delivery of those that have some has to do.
        let first = deliveries.keys.sorted().first { !(deliveries[$0]?.batch.preconditions.isEmpty ?? true) }
        let handled = deliveries.keys.sorted().filter { sequence in
            sequence == first || deliveries[sequence]?.batch.preconditions.isEmpty ?? false
        }
        var cursor = machine.snapshot(with: Set(handled))
        let now = courier.environment.now()
        if tenure.start.duration(to: now) > courier.subscription.options.lease * Self.goodLife { cursor.served() }
        cursor.owner = isLast ? nil : courier.token
        cursor.epoch = tenure.cursor.epoch
        cursor.revision = tenure.cursor.revision + 1
        guard let bytes = try? cursor.bytes else { preconditionFailure("a cursor can't be written: \(cursor)") }
        var batch = StorageBatch()
        if !planted(.cursorWithoutFence) {
            batch.require(.holds(courier.cursorKey, tenure.bytes))
            batch.require(.holds(courier.leaseKey, Array(courier.token.utf8)))
        }
        batch.put(bytes, at: courier.cursorKey)
        if isLast { batch.delete(courier.leaseKey) } else { courier.renew(in: &batch) }
        if let first, let delivery = deliveries[first] { batch.append(delivery.batch) }
        for sequence in handled where sequence != first {
            if let delivery = deliveries[sequence] { batch.append(delivery.batch) }
        }
        let (keys, name) = (courier.bus.keys, courier.subscription.name)
        for (sequence, letter) in letters.sorted(by: { $0.key < $1.key }) where !planted(.deadLetterLost) {
            batch.put(letter.bytes, at: keys.dead(name, sequence))
        }
        let sequences = handled + letters.keys.sorted()
        for sequence in sequences where again.contains(sequence) { batch.delete(keys.again(name, sequence)) }
        return CursorWrite(
            cursor: cursor, bytes: bytes, batch: batch, sequences: sequences, start: now)
    }

    /// Writes down what was handled and lets go of the subscription, also where the task is cancelled.
    mutating func letGo() async {
        machine.retract()
        while !isLost {
            guard let write = nextWrite(isLast: deliveries.isEmpty) else { return }
            do {
                try await courier.store(write)
                if write.cursor.owner == nil { return }
                stored(write, .success(()))
            } catch {
                // Whoever takes the subscription next delivers again what could not be written down.
                return
            }
        }
    }
}

extension EventCourier {
    /// Stores a cursor once, whatever answer gets lost on the way. It is not cancelled.
    func store(_ write: CursorWrite) async throws {
        let (storage, key, log) = (bus.storage, cursorKey, bus.log)
        // The caller waits for it.
        try await environment.spawn {
            var isKnown = true
            for attempt in 1... {
                do {
                    return try await storage.commit(write.batch)
                } catch let error as StorageError {
                    if error.code == .unknownOutcome { isKnown = false }
                    if error.code == .conflict, error.key == key, !isKnown,
                        try await log.environment.patiently({ try await storage.value(at: key) }) == write.bytes
                    {
                        return
                    }
                    guard error.failureKind == .transient else { throw error }
                    guard attempt < 6 else { throw isKnown ? error : StorageError(.unknownOutcome, key: key) }
                    try await JournalCommit.pause(attempt, log.environment)
                }
            }
        }.value
    }
}

/// What a courier has read.
struct EventNews: Sendable {
    struct Request: Sendable {
        var subscriber: String
        var first: Int
        var limit: Int
        var looksAgain: Bool
    }

    var events: [EventRecord] = []
    var isFull = false
    /// Dead letters that are to be handled once more.
    var again: [EventRecord] = []
    /// The first event that is kept, if those asked for are not.
    var first: Int?
}

extension EventBus {
    func news(_ request: EventNews.Request) async throws -> EventNews {
        var news = EventNews()
        if request.limit > 0 {
            do {
                news.events = try await log.events(from: request.first, limit: request.limit)
                news.isFull = news.events.count == request.limit
            } catch let error as EventBusError where error.code == .trimmed {
                news.first = try EventFloor(try await storage.value(at: keys.first), at: keys.first).first
            }
        }
        if request.looksAgain {
            for entry in try await storage.scan(.below(keys.again(request.subscriber)), limit: 64) {
                guard let number = entry.key.parts.last.flatMap(StorageKey.number) else { continue }
                news.again.append(try EventRecord(entry.value, sequence: Int(number), at: entry.key))
            }
        }
        return news
    }
}

extension EventSubscription {
    /// One attempt: middleware, then the handler within its time.
    func handled(_ delivery: EventDelivery, _ environment: any Environment) async throws -> EventDelivery {
        var passage = EventPassage(delivery.event)
        try await passage.pass(options.middleware)
        var passed = delivery
        (passed.event, passed.batch) = (passage.event, passage.batch)
        if passage.isStopped { return passed }
        let ready = passed
        let body: @Sendable () async throws -> EventDelivery = {
            var delivery = ready
            try await handle(&delivery)
            return delivery
        }
        guard let limit = options.timeout else { return try await body() }
        let late = EventBusError(.late, subscriber: name, sequence: delivery.event.sequence, event: delivery.event.id)
        return try await environment.within(limit, body) { late }
    }
}
