public import Foundation

/// Settings in layers: what their keys say, a JSON file, environment variables, a storage, and what is set while running.
///
/// Values are typed, changed without a new start, and observed. What a layer says wrongly never takes the place of something that
/// was right: it is told as a ``ConfigurationError``, and the value before it still counts.
///
/// ```swift
/// enum Settings {
///     static let patience = ConfigurationKey("webhook.patience", default: Duration.seconds(5))
/// }
///
/// func begin(_ storage: any Storage) async throws -> Configuration {
///     let configuration = Configuration(storage: storage)
///     try await configuration.load(declaring: Settings.patience)
///     print(configuration[Settings.patience])
///     return configuration
/// }
/// ```
public final class Configuration: Sendable {
    private let file: URL?
    private let prefix: String
    private let storage: (any Storage)?
    private let holdsSecrets: Bool
    private let environment: any Environment
    let table: Guarded<ConfigurationTable>
    private let bell = Doorbell()

    /// Nothing is read before ``load(declaring:)`` but the environment variables, which begin with `prefix` and an underscore.
    ///
    /// With `holdsSecrets` the storage may be given secrets: it is encrypted, or nobody else can read it.
    public init(
        file: URL? = nil, variables: [String: String] = ProcessInfo.processInfo.environment, prefix: String = "APUS",
        storage: (any Storage)? = nil, holdsSecrets: Bool = false, environment: any Environment = .live
    ) {
        self.file = file
        self.prefix = prefix
        self.storage = storage
        self.holdsSecrets = holdsSecrets
        self.environment = environment
        var table = ConfigurationTable()
        _ = table.stack.load(.environment) { name in
            variables[ConfigurationName.variable(name, prefix)].map { .string($0) }
        }
        self.table = Guarded(table)
    }

    /// Reads all layers; throws ``ConfigurationErrors`` with all that is wrong, so that a host does not start with half of its settings.
    ///
    /// Names that stand in the file or in the storage and that nobody has declared are wrong, too. What is right counts nevertheless.
    public func load<each Value>(declaring keys: repeat ConfigurationKey<each Value>) async throws {
        repeat declare(each keys)
        await read()
        let problems = problems
        if !problems.isEmpty { throw ConfigurationErrors(errors: problems) }
    }

    /// The value that counts now.
    public subscript<Value>(_ key: ConfigurationKey<Value>) -> Value {
        declare(key)
        return table.withLock { $0.stack.value(of: key.name)?.value as? Value ?? key.initial }
    }

    /// The value that counts now, and then each that follows; who reads slowly misses those in between, never the last.
    public func values<Value>(of key: ConfigurationKey<Value>) -> AsyncStream<Value> {
        declare(key)
        let (values, news) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingNewest(1))
        let last = Guarded<Value?>(nil)
        let tell: @Sendable (any Sendable) -> Void = { value in
            guard let value = value as? Value else { return }
            // Told in the order in which they count, since the table is locked.
            let isNew = last.withLock { last in
                defer { last = value }
                return last != value
            }
            if isNew { news.yield(value) }
        }
        let id = table.withLock { table in
            table.nextID += 1
            table.watchers[table.nextID] = (key.name, tell)
            tell(table.stack.value(of: key.name)?.value ?? key.initial)
            return table.nextID
        }
        news.onTermination = { [weak self] _ in self?.table.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        return values
    }

    /// What is wrong with the layers as they were last read, in their order.
    public var problems: [ConfigurationError] {
        table.withLock { table in ConfigurationLayer.allCases.flatMap { table.problems[$0] ?? [] } }
    }

    /// What turns out to be wrong from now on, each once.
    public func refusals() -> AsyncStream<ConfigurationError> {
        let (errors, news) = AsyncStream.makeStream(of: ConfigurationError.self, bufferingPolicy: .bufferingNewest(256))
        let id = table.withLock { table in
            table.nextID += 1
            table.listeners[table.nextID] = news
            return table.nextID
        }
        news.onTermination = { [weak self] _ in self?.table.withLock { _ = $0.listeners.removeValue(forKey: id) } }
        return errors
    }

    private func declare<Value>(_ key: ConfigurationKey<Value>) {
        table.withLock { table in
            for error in table.stack.declare(key.declaration) { table.tell(error) }
        }
    }
}

/// Changing settings.
extension Configuration {
    /// Sets a value in this process alone, above all layers; `nil` takes it away. Throws if the setting does not accept it.
    public func override<Value>(_ key: ConfigurationKey<Value>, with value: Value?) throws {
        try check(key, value, .override)
        declare(key)
        table.withLock { table in
            table.stack.set(value, of: key.name, in: .override)
            table.tellWatchers()
        }
    }

    /// Stores a value for all processes that share the storage; `nil` takes it away. They see it when they look next, this one at once.
    ///
    /// Throws if the setting does not accept it, and ``ConfigurationError/Code/secretRefused`` for a secret unless the storage
    /// may hold some.
    public func store<Value>(_ key: ConfigurationKey<Value>, _ value: Value?) async throws {
        guard let storage else { preconditionFailure("the configuration has no storage for \(key.name)") }
        try check(key, value, .storage)
        if key.isSecret, value != nil, !holdsSecrets {
            throw ConfigurationError(.secretRefused, in: .storage, name: key.name)
        }
        declare(key)
        let place = Self.key.appending(key.name)
        if let value {
            let text = (value as? Secret).map { JSON.string($0.reveal()) } ?? value.setting
            try await storage.put(text.bytes, at: place)
        } else {
            try await storage.delete(place)
        }
        await readStorage()
    }

    private func check<Value>(_ key: ConfigurationKey<Value>, _ value: Value?, _ layer: ConfigurationLayer) throws {
        guard let value, !key.accepts(value) else { return }
        let found = key.isSecret ? Secret.mask : "\(value.setting)"
        throw ConfigurationError(.badValue, in: layer, name: key.name, wanted: key.wanted, found: found)
    }

    private static let key = StorageKey("configuration")

    /// Follows the file and the storage until the task is cancelled: at once where the storage tells of changes, otherwise every
    /// `poll`.
    @concurrent
    public func follow(poll: Duration = .seconds(5)) async {
        await withDiscardingTaskGroup { group in
            if let storage = storage as? any WatchableStorage {
                group.addTask(executorPreference: environment.executor) {
                    for await _ in storage.changes(in: .below(Self.key)) { self.bell.ring() }
                }
            }
            while !Task.isCancelled {
                await bell.wait(poll, environment)
                await read()
            }
            group.cancelAll()
        }
    }

    private func read() async {
        readFile()
        await readStorage()
    }

    private func readFile() {
        guard let file else { return }
        do {
            let json = try JSON(parsing: try Data(contentsOf: file))
            guard let members = json.members else { throw ConfigurationError(.unreadable, in: .file) }
            table.withLock { table in
                let known = table.stack.names
                let unknown = Self.leaves(.object(members), "", known)
                table.loaded(.file, unknown) { ConfigurationName.value(of: $0, in: json) }
            }
        } catch {
            let reason =
                (error as? JSONError).map { "\($0)" } ?? "\(file.lastPathComponent) is no JSON object, or not there"
            table.withLock { $0.failed(ConfigurationError(.unreadable, in: .file, found: reason)) }
        }
    }

    private func readStorage() async {
        guard let storage else { return }
        do {
            var values: [String: JSON] = [:]
            var order: [String] = []
            for try await entry in storage.entries(in: .below(Self.key)) {
                guard let name = entry.key.parts.last else { continue }
                values[name] =
                    (try? JSON(parsing: entry.value)) ?? .string(String(decoding: entry.value, as: UTF8.self))
                order.append(name)
            }
            let (all, found) = (values, order)
            table.withLock { table in
                let known = Set(table.stack.names)
                table.loaded(.storage, found.filter { !known.contains($0) }) { all[$0] }
            }
        } catch {
            table.withLock { $0.failed(ConfigurationError(.unreadable, in: .storage, found: "\(error)")) }
        }
    }

    /// The names in a file that no declared setting covers.
    private static func leaves(_ json: JSON, _ path: String, _ known: [String]) -> [String] {
        if known.contains(path) { return [] }
        guard let members = json.members, path.isEmpty || known.contains(where: { $0.hasPrefix(path + ".") }) else {
            return [path]
        }
        return members.flatMap { name, value in leaves(value, path.isEmpty ? name : "\(path).\(name)", known) }
    }
}
