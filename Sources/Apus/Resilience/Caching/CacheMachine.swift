/// Every decision of a cache in memory, as a plain value: what is known, who makes what is not, and who waits for that.
///
/// Entries live in two generations: when the young one is full it becomes the old one, and what nobody asked for since then goes.
package struct CacheMachine: Sendable {
    /// The caller's name for one question.
    package typealias Ticket = UInt64
    /// The machine's name for one value that is being made.
    package typealias Flight = UInt64

    package enum Answer: Sendable {
        case known(CacheContent)
        /// The caller makes the value, and tells with ``land(_:_:lifetime:at:)`` or ``abandon(_:)`` what became of it.
        case make(Flight)
        /// Somebody makes it; the ticket is told.
        case wait
    }

    private struct Entry: Sendable {
        let content: CacheContent
        let tags: [String]
        /// From then on it is not known any more.
        let end: Duration?
    }

    private struct Making: Sendable {
        let key: String
        let tags: [String]
        /// Those who wait, in the order of their coming.
        var waiting: [Ticket] = []
        /// It was made void meanwhile: whoever waits gets it, and nobody else.
        var isVoid = false
    }

    private let generation: Int
    private let planted = Planted()
    private var young: [String: Entry] = [:]
    private var old: [String: Entry] = [:]
    private var flights: [Flight: Making] = [:]
    /// The flight that new questions for a key join.
    private var current: [String: Flight] = [:]
    private var lastFlight: Flight = 0

    /// It knows about `limit` entries at most, and at least those that half as many keys were asked for last.
    package init(limit: Int) { generation = max(1, limit / 2) }

    package var count: Int { young.count + old.count }

    /// What is known for a key.
    package mutating func known(_ key: String, at now: Duration) -> CacheContent? {
        guard let entry = young[key] ?? old[key] else { return nil }
        if let end = entry.end, now >= end, !planted(.cacheServesExpired) {
            remove(key)
            return nil
        }
        if young[key] == nil { keep(entry, at: key) }
        return entry.content
    }

    package mutating func ask(_ key: String, tags: [String], _ ticket: Ticket, at now: Duration) -> Answer {
        if let content = known(key, at: now) { return .known(content) }
        if let flight = current[key], !planted(.cacheStampedes) {
            flights[flight]?.waiting.append(ticket)
            return .wait
        }
        lastFlight += 1
        flights[lastFlight] = Making(key: key, tags: tags)
        current[key] = lastFlight
        return .make(lastFlight)
    }

    /// The value was made, or failed to be. It is kept for `lifetime`, for ever if that is `nil`, and not at all if it is zero. Returns those
    /// who waited for it.
    package mutating func land(
        _ flight: Flight, _ content: CacheContent, lifetime: Duration?, at now: Duration
    ) -> [Ticket] {
        guard let making = flights.removeValue(forKey: flight) else { return [] }
        if current[making.key] == flight { current[making.key] = nil }
        let lifetime = planted(.cacheKeepsFailures) ? nil : lifetime
        if !making.isVoid, lifetime != .zero {
            keep(Entry(content: content, tags: making.tags, end: lifetime.map { now + $0 }), at: making.key)
        }
        return making.waiting
    }

    /// Whoever made the value was cancelled: the first who waits makes it from here on; `nil` if nobody does.
    package mutating func abandon(_ flight: Flight) -> Ticket? {
        guard var making = flights[flight] else { return nil }
        if making.waiting.isEmpty || planted(.cacheLosesFlight) {
            if current[making.key] == flight, !planted(.cacheLosesFlight) { current[making.key] = nil }
            flights[flight] = nil
            return nil
        }
        let next = making.waiting.removeFirst()
        flights[flight] = making
        return next
    }

    /// Whether the ticket waited; it does no longer.
    package mutating func withdraw(_ ticket: Ticket, from key: String) -> Bool {
        for (flight, making) in flights where making.key == key {
            guard let place = making.waiting.firstIndex(of: ticket) else { continue }
            flights[flight]?.waiting.remove(at: place)
            return true
        }
        return false
    }

    /// Puts a value in that was made elsewhere.
    package mutating func put(
        _ content: CacheContent, at key: String, tags: [String], lifetime: Duration?, at now: Duration
    ) {
        keep(Entry(content: content, tags: tags, end: lifetime.map { now + $0 }), at: key)
    }

    /// Forgets what `isMeant` says of key and tags, and has nothing kept that is being made of it. Costs a look at each entry.
    package mutating func forget(where isMeant: (_ key: String, _ tags: [String]) -> Bool) {
        young = young.filter { !isMeant($0.key, $0.value.tags) }
        old = old.filter { !isMeant($0.key, $0.value.tags) }
        if planted(.cacheKeepsStale) { return }
        for (flight, making) in flights where isMeant(making.key, making.tags) {
            flights[flight]?.isVoid = true
            if current[making.key] == flight { current[making.key] = nil }
        }
    }

    private mutating func remove(_ key: String) {
        young[key] = nil
        old[key] = nil
    }

    private mutating func keep(_ entry: Entry, at key: String) {
        old[key] = nil
        if young.count >= generation, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = entry
    }
}
