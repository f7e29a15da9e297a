/// What a ``Configuration`` knows, and whom it tells.
struct ConfigurationTable {
    var stack = ConfigurationStack()
    var problems: [ConfigurationLayer: [ConfigurationError]] = [:]
    /// Those who observe settings: each is told what counts, whether it is new or not.
    var watchers: [UInt64: (name: String, tell: @Sendable (any Sendable) -> Void)] = [:]
    var listeners: [UInt64: AsyncStream<ConfigurationError>.Continuation] = [:]
    var nextID: UInt64 = 0

    mutating func loaded(
        _ layer: ConfigurationLayer, _ unknown: [String], _ source: @escaping ConfigurationStack.Source
    ) {
        var errors = stack.load(layer, source)
        errors += unknown.map { ConfigurationError(.unknownName, in: layer, name: $0) }
        replace(layer, errors)
        tellWatchers()
    }

    mutating func failed(_ error: ConfigurationError) { replace(error.layer, [error]) }

    private mutating func replace(_ layer: ConfigurationLayer, _ errors: [ConfigurationError]) {
        let old = problems[layer] ?? []
        problems[layer] = errors
        for error in errors where !old.contains(error) { for news in listeners.values { news.yield(error) } }
    }

    mutating func tell(_ error: ConfigurationError) {
        problems[error.layer, default: []].append(error)
        for news in listeners.values { news.yield(error) }
    }

    func tellWatchers() {
        for (name, tell) in watchers.sorted(by: { $0.key < $1.key }).map(\.value) {
            if let value = stack.value(of: name)?.value { tell(value) }
        }
    }
}
