/// Remembers values by the content of what they were made from, in memory and, where there is one, in a storage; who asks for what is being
/// made already waits for that.
///
/// ```swift
/// let cache = ContentCache("geocoder", CachePolicy(lifetime: .seconds(3_600)))
/// let place = try await cache.value(for: ["Elm Street 7", "Salem"], tags: ["salem"]) { "42.5 N, 70.9 W" }
/// try await cache.invalidate(tag: "salem")
/// print(place)
/// ```
///
/// Equal content is equal JSON with sorted keys: put in whatever tells one question from another, also which kind of question it is. When
/// whoever makes a value is cancelled, the next who waits makes it; when it fails, all who wait get the error, and whoever comes later tries
/// again. A storage that can't be read or written fails no call: it is passed over, and ``reading`` counts that.
public final class ContentCache: Sendable {
    public let name: String
    public let policy: CachePolicy
    let shelf: CacheShelf?
    let state: Guarded<State>

    struct State {
        var machine: CacheMachine
        var lastTicket: CacheMachine.Ticket = 0
        var waiting: [CacheMachine.Ticket: CheckedContinuation<Turn, any Error>] = [:]
        var hits = 0
        var misses = 0
        var troubles = 0
    }

    /// What a question comes to.
    enum Turn: Sendable {
        case known(CacheContent)
        case make(CacheMachine.Flight)
    }

    /// Processes that share a `storage` share the values of caches of one `name`.
    public init(_ name: String, _ policy: CachePolicy = CachePolicy(), storage: (any Storage)? = nil) {
        self.name = name
        self.policy = policy
        shelf = storage.map { CacheShelf(storage: $0, name: name) }
        state = Guarded(State(machine: CacheMachine(limit: policy.memory)))
    }

    public var reading: GuardReading {
        state.withLock { state in
            var reading = GuardReading(.cache, name)
            (reading.admitted, reading.refused, reading.failed) = (state.hits, state.misses, state.troubles)
            (reading.held, reading.waiting) = (state.machine.count, state.waiting.count)
            return reading
        }
    }

    /// The value for `content`, which `make` makes if it is not known.
    public func value<Value: Codable & Sendable>(
        for content: some Encodable, tags: [String] = [], in environment: any Environment = .live,
        _ make: () async throws -> Value
    ) async throws -> Value {
        let key = try Self.key(of: content)
        while true {
            switch try await turn(key, tags, environment) {
            case .known(.failure(let error)): throw error
            case .known(.value(let value)):
                if let value = value as? Value { return value }
                // Another type was made of the same content.
                state.withLock { state in state.machine.forget { other, _ in other == key } }
            case .make(let flight):
                return try await CacheFlight(
                    cache: self, number: flight, key: key, tags: tags, environment: environment
                )
                .perform(make)
            }
        }
    }

    static func key(of content: some Encodable) throws -> String {
        Base64URL.text(of: SHA256.digest(of: try JSONCoding.encode(content)))
    }

    /// Asks, and waits if somebody makes the value.
    private func turn(_ key: String, _ tags: [String], _ environment: any Environment) async throws -> Turn {
        let now = environment.now().uptime
        let (known, ticket) = state.withLock { state in
            state.lastTicket += 1
            let known = state.machine.known(key, at: now)
            if known != nil { state.hits += 1 }
            return (known, state.lastTicket)
        }
        if let known { return .known(known) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let turn = state.withLock { state -> Result<Turn, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    return state.ask(key, tags, ticket, at: now, continuation).map { .success($0) }
                }
                if let turn { continuation.resume(with: turn) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.machine.withdraw(ticket, from: key) ? state.waiting.removeValue(forKey: ticket) : nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}

extension ContentCache.State {
    /// What the question comes to, unless it has to wait.
    fileprivate mutating func ask(
        _ key: String, _ tags: [String], _ ticket: CacheMachine.Ticket, at now: Duration,
        _ continuation: CheckedContinuation<ContentCache.Turn, any Error>
    ) -> ContentCache.Turn? {
        switch machine.ask(key, tags: tags, ticket, at: now) {
        case .known(let content):
            hits += 1
            return .known(content)
        case .make(let flight):
            misses += 1
            return .make(flight)
        case .wait:
            hits += 1
            waiting[ticket] = continuation
            return nil
        }
    }
}
