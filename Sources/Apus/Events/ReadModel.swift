/// What is known from events: states that are folded from them and stored with the place in the log up to which they were folded.
///
/// Each event is folded exactly once, in the order of the log. A model of one state has one row; with `rows` there is a state for
/// each row that events name. When `version` has grown, or by ``EventBus/rebuild(_:fromWhatIsKept:)``, it is folded anew from the beginning,
/// while readers see what was there before.
///
/// ```swift
/// struct Placed: DomainEvent {
///     static let eventType = "order.placed"
///     var order: String
///     var customer: String
///     var eventKey: String { order }
/// }
///
/// let orders = ReadModel("orders-by-customer", of: Placed.self, from: 0, rows: \.customer) { count, _ in count += 1 }
/// ```
public struct ReadModel<State: Codable & Sendable>: EventConsumer {
    public let name: String
    /// Grows when the fold has another meaning.
    public let version: Int
    let filter: EventFilter
    let initial: State
    let row: @Sendable (EventRecord) throws -> String
    let fold: @Sendable (inout State, EventRecord) throws -> Void

    /// A model of the events that `filter` lets through.
    public init(
        _ name: String, version: Int = 1, _ filter: EventFilter = EventFilter(), from initial: State,
        rows row: @escaping @Sendable (EventRecord) throws -> String = { _ in "" },
        _ fold: @escaping @Sendable (inout State, EventRecord) throws -> Void
    ) {
        self.name = name
        self.version = version
        self.filter = filter
        self.initial = initial
        self.row = row
        self.fold = fold
    }

    /// A model of the events of one type.
    public init<Event: DomainEvent>(
        _ name: String, version: Int = 1, of type: Event.Type, from initial: State,
        rows row: @escaping @Sendable (Event) -> String = { _ in "" },
        _ fold: @escaping @Sendable (inout State, Event) throws -> Void
    ) {
        self.init(
            name, version: version, EventFilter(types: [type.eventType]), from: initial,
            rows: { row(try $0.decode(type)) }, { state, event in try fold(&state, try event.decode(type)) })
    }

    public func consume(from bus: EventBus) async throws {
        try await bus.listening { bell in try await ModelFolder(self, bus, bell).serve() }
    }

    /// The state of a row; `nil` if no event has named it.
    public func value(of row: String = "", on bus: EventBus) async throws -> State? {
        guard let cursor = try await bus.storage.read([bus.keys.model(name)])[0].map({ try ModelCursor($0) }) else {
            return nil
        }
        let key = bus.keys.rows(name, cursor.generation).appending(row)
        return try await bus.storage.read([key])[0]?.load(State.self)
    }

    /// The rows behind `row`, `limit` at most, by name.
    public func rows(
        on bus: EventBus, after row: String? = nil, limit: Int = 1_000
    ) async throws -> [(row: String, state: State)] {
        guard let cursor = try await bus.storage.read([bus.keys.model(name)])[0].map({ try ModelCursor($0) }) else {
            return []
        }
        let key = bus.keys.rows(name, cursor.generation)
        var range = StorageRange.below(key)
        if let row { range = range.after(key.appending(row)) }
        return try await bus.storage.scan(range, limit: limit).map {
            ($0.key.parts.last ?? "", try $0.load(State.self))
        }
    }
}

/// How far a read model is, as it is stored.
struct ModelCursor: Codable, Sendable, Equatable {
    /// One fold from the beginning.
    struct Pass: Codable, Sendable, Equatable {
        var generation: Int
        var version: Int
        /// All before it are folded.
        var position: Int
    }

    /// What readers see; there is none before the first pass has come to the end of the log.
    var live: Pass?
    /// What is folded anew.
    var next: Pass?
    var revision = 0

    init() {}

    init(_ entry: StorageEntry) throws {
        do {
            self = try JSONCoding.decode(Self.self, from: entry.value)
        } catch {
            throw EventBusError(.damaged, detail: "what is stored at \(entry.key) is no cursor")
        }
    }

    /// The generation that readers see.
    var generation: Int { live?.generation ?? next?.generation ?? 0 }
    /// What has to be kept.
    var position: Int { min(live?.position ?? .max, next?.position ?? .max) }

    /// Begins a fold from the beginning.
    mutating func restart(version: Int, at first: Int) {
        let generation = max(live?.generation ?? 0, next?.generation ?? 0) + 1
        next = Pass(generation: generation, version: version, position: first)
    }
}

extension EventBus {
    /// Folds a model anew from the beginning; returns when that is stored, and whoever serves the model does it.
    ///
    /// Throws ``EventBusError/Code/trimmed`` if the first events are no longer kept, unless `fromWhatIsKept`.
    public func rebuild<State>(_ model: ReadModel<State>, fromWhatIsKept: Bool = false) async throws {
        let key = keys.model(model.name)
        for _ in 0..<16 {
            let found = try await storage.read([key, keys.first])
            let floor = try EventFloor(found[1]?.value, at: keys.first)
            if floor.first > 1, !fromWhatIsKept { throw EventBusError(.trimmed, subscriber: model.name, sequence: 1) }
            var cursor = try found[0].map { try ModelCursor($0) } ?? ModelCursor()
            cursor.restart(version: model.version, at: floor.first)
            cursor.revision += 1
            var batch = StorageBatch()
            batch.require(found[0].map { .holds(key, $0.value) } ?? .absent(key))
            floor.claim(found[1]?.value, at: keys.first, in: &batch)
            batch.put(try JSONCoding.encode(cursor), at: key)
            do {
                try await storage.commit(batch)
                return ring()
            } catch let error as StorageError where error.code == .conflict {
                continue
            }
        }
        throw EventBusError(.crowded, subscriber: model.name)
    }
}
