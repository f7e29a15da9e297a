/// Looking at the log, and going back in it.
extension EventBus {
    /// A place in the log.
    public enum Point: Sendable, Hashable {
        /// The first event that is kept.
        case beginning
        case sequence(Int)
        /// The first event that was published at this moment or later.
        case time(WallTime)
        /// Behind the last.
        case end
    }

    /// The events from a point on that `filter` lets through, `limit` at most.
    public func events(
        from point: Point = .beginning, _ filter: EventFilter = EventFilter(), limit: Int = 1_000
    ) async throws -> [EventRecord] {
        var next = try await sequence(of: point)
        var found: [EventRecord] = []
        while found.count < limit {
            let page = try await log.events(from: next, limit: 256)
            found += page.filter(filter.admits)
            guard page.count == 256, let last = page.last else { break }
            next = last.sequence + 1
        }
        return Array(found.prefix(limit))
    }

    /// Lets a subscriber handle all events from a point on again, wherever it is served; what it is handling now, once more.
    ///
    /// Its dead letters stay as they are. Throws ``EventBusError/Code/trimmed`` if events from that point on are no longer kept.
    public func replay(_ subscriber: String, from point: Point) async throws {
        for _ in 0..<16 {
            let position = try await sequence(of: point)
            let found = try await storage.read([keys.cursor(subscriber), keys.first])
            let floor = try EventFloor(found[1]?.value, at: keys.first)
            guard position >= floor.first else {
                throw EventBusError(.trimmed, subscriber: subscriber, sequence: position)
            }
            let old = try found[0].map { try SubscriptionCursor($0) }
            var cursor = SubscriptionCursor(position: position)
            (cursor.epoch, cursor.revision) = ((old?.epoch ?? 0) + 1, (old?.revision ?? 0) + 1)
            var batch = StorageBatch()
            batch.require(found[0].map { .holds($0.key, $0.value) } ?? .absent(keys.cursor(subscriber)))
            floor.claim(found[1]?.value, at: keys.first, in: &batch)
            batch.put(try cursor.bytes, at: keys.cursor(subscriber))
            // Whoever has the subscription finds that it was taken away.
            batch.delete(keys.lease(subscriber))
            do {
                try await storage.commit(batch)
                return ring()
            } catch let error as StorageError where error.code == .conflict {
                continue
            }
        }
        throw EventBusError(.crowded, subscriber: subscriber)
    }

    /// The number that stands for a point.
    func sequence(of point: Point) async throws -> Int {
        let floor = try EventFloor(try await storage.value(at: keys.first), at: keys.first).first
        let end = try await log.tail().next
        switch point {
        case .beginning: return floor
        case .sequence(let sequence): return min(max(1, sequence), end)
        case .end: return end
        case .time(let time):
            do {
                return try await search(for: time, in: floor..<end)
            } catch let error as EventBusError where error.code == .trimmed {
                // Another process has dropped events meanwhile.
                return try await self.sequence(of: point)
            }
        }
    }

    private func search(for time: WallTime, in range: Range<Int>) async throws -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let event = try await log.events(from: middle, limit: 1).first
            if let event, event.time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// How far a consumer of a bus is.
public struct ConsumerStatus: Sendable, Hashable {
    public var name: String
    /// All events before this number are settled.
    public var position: Int
    /// How many events have been published since.
    public var lag: Int
    /// How many events were dropped before it saw them.
    public var missed: Int
    /// Whether a process serves it now; of a read model that is not known.
    public var isServed: Bool?
}

extension EventBus {
    /// The subscriptions and read models that the bus knows, by name.
    public func consumers() async throws -> [ConsumerStatus] {
        let end = try await log.tail().next
        var found: [ConsumerStatus] = []
        for try await entry in storage.entries(in: .below(keys.cursors)) {
            let cursor = try SubscriptionCursor(entry)
            let name = entry.key.parts.last ?? ""
            let lease = try await storage.value(at: keys.lease(name))
            found.append(
                ConsumerStatus(
                    name: name, position: cursor.position, lag: max(0, end - cursor.position),
                    missed: cursor.missed ?? 0, isServed: lease != nil))
        }
        for try await entry in storage.entries(in: .below(keys.models)) {
            let position = try ModelCursor(entry).position
            let name = entry.key.parts.last ?? ""
            found.append(
                ConsumerStatus(name: name, position: position, lag: max(0, end - position), missed: 0))
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Forgets how far a consumer is that is no longer served, with its dead letters, so that nothing is kept for it.
    public func forget(_ name: String) async throws {
        try await storage.commit { batch in
            batch.require(.absent(keys.lease(name)))
            for key in [keys.cursor(name), keys.model(name)] { batch.delete(key) }
            for key in [keys.dead(name), keys.again(name), keys.rows(name)] { batch.delete(.below(key)) }
        }
    }

    /// Drops the events that ``EventBusOptions/retention`` does not keep; returns how many.
    @discardableResult
    public func trim() async throws -> Int {
        let retention = options.retention
        let old = try await storage.value(at: keys.first)
        var floor = try EventFloor(old, at: keys.first)
        let end = try await log.tail().next
        var bound = floor.first
        if let count = retention.count { bound = max(bound, end - count) }
        if let age = retention.age {
            let now = environment.now().wallTime
            let moment = WallTime(milliseconds: now.milliseconds - Int64(age / .milliseconds(1)))
            bound = max(bound, try await sequence(of: .time(moment)))
        }
        if retention.waitsForSubscribers { for status in try await consumers() { bound = min(bound, status.position) } }
        guard bound > floor.first else { return 0 }
        let dropped = bound - floor.first
        var batch = StorageBatch()
        batch.require(old.map { .holds(keys.first, $0) } ?? .absent(keys.first))
        batch.delete(keys.events(from: floor.first, to: bound))
        floor.first = bound
        batch.put(floor.bytes, at: keys.first)
        try await storage.commit(batch)
        return dropped
    }
}
