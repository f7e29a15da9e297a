/// How an ``EventBus`` keeps and passes on events.
public struct EventBusOptions: Sendable {
    /// What every event goes through before it is stored. An event published with a batch goes through it when it gets its number.
    public var middleware: [EventMiddleware] = []
    /// How long an id that was published with `id:` is known.
    public var idMemory: Duration = .seconds(86_400)
    public var retention = EventRetention()
    /// How long until news are looked for that no bell told of: what other processes publish on a storage that can't be watched.
    public var poll: Duration = .seconds(1)

    public init() {}
}

/// How long the events of a bus are kept. What no bound reaches stays.
public struct EventRetention: Sendable, Hashable {
    /// The most events.
    public var count: Int?
    public var age: Duration?
    /// Whether events stay as long as a subscriber or read model that is known has not handled them, whatever the bounds say.
    public var waitsForSubscribers = true
    /// How often is looked for events to drop, while the bus runs.
    public var interval: Duration = .seconds(60)

    public init(count: Int? = nil, age: Duration? = nil) {
        self.count = count
        self.age = age
    }
}
