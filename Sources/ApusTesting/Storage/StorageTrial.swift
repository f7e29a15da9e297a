import Apus

/// One clause that is being checked: the space, the calendar, and the words to ask with.
struct StorageTrial: Sendable {
    /// What a clause found to be otherwise.
    struct Finding: Error {
        var text: String
    }

    let storage: any Storage
    let environment: ConformanceEnvironment
    private let reopen: @Sendable () async throws -> StorageTrial
    private let crash: @Sendable () async throws -> StorageTrial
    private let perform: @Sendable (StorageBatch, (any Error)?) async throws -> Int
    private let countEffects: @Sendable () async throws -> Int
    private let watch: @Sendable (StorageRange) throws -> AsyncStream<Void>

    init<Space: Storage>(_ subject: StorageSubject<Space>, space: Space, environment: ConformanceEnvironment) {
        storage = space
        self.environment = environment
        reopen = {
            guard let reopen = subject.reopen else { throw Self.missing("reopening(_:)") }
            let space = try await reopen(space, environment)
            return StorageTrial(subject, space: space, environment: environment)
        }
        crash = {
            guard let crash = subject.crash else { throw Self.missing("crashing(_:)") }
            let space = try await crash(space, environment)
            return StorageTrial(subject, space: space, environment: environment)
        }
        perform = { batch, failure in
            guard let transactions = subject.transactions else { throw Self.missing("transacting(effect:count:)") }
            return try await transactions.perform(space, batch, failure)
        }
        countEffects = {
            guard let transactions = subject.transactions else { throw Self.missing("transacting(effect:count:)") }
            return try await transactions.effects(space)
        }
        watch = { range in
            guard let changes = subject.changes else { throw Self.missing("watching()") }
            return changes(space, range)
        }
    }

    private static func missing(_ ability: String) -> Finding {
        Finding(text: "This clause needs a subject with \(ability).")
    }

    func reopened() async throws -> StorageTrial { try await reopen() }

    func crashed() async throws -> StorageTrial { try await crash() }

    func transact(failing failure: (any Error)? = nil, _ fill: (inout StorageBatch) -> Void) async throws -> Int {
        try await perform(StorageBatch(fill), failure)
    }

    func effects() async throws -> Int { try await countEffects() }

    func changes(in range: StorageRange) throws -> AsyncStream<Void> { try watch(range) }
}

extension StorageTrial {
    func commit(_ fill: (inout StorageBatch) -> Void) async throws { try await storage.commit(StorageBatch(fill)) }

    /// Commits values at keys, each in a commit of its own.
    func put(_ entries: KeyValuePairs<String, String>, expires: WallTime? = nil) async throws {
        for (key, value) in entries { try await commit { $0.put(value, at: key, expires: expires) } }
    }

    func value(_ key: String) async throws -> String? {
        try await value(key.asKey).map { String(decoding: $0, as: UTF8.self) }
    }

    func value(_ key: StorageKey) async throws -> [UInt8]? {
        let entries = try await storage.read([key])
        try equal(entries.count, 1, "the number of answers to one key")
        try equal(entries[0]?.key ?? key, key, "the key of the entry that was read")
        return entries[0]?.value
    }

    /// The keys of a scan as text.
    func keys(in range: StorageRange = .all, limit: Int = 1_000) async throws -> [String] {
        try await storage.scan(range, limit: limit).map { "\($0.key)" }
    }
}

extension StorageTrial {
    /// Throws a finding unless `actual` is `expected`; `what` names it.
    func equal<Value: Equatable>(_ actual: Value, _ expected: Value, _ what: @autoclosure () -> String) throws {
        guard actual != expected else { return }
        throw Finding(text: "Expected \(what()) to be \(Self.short(expected)), found \(Self.short(actual)).")
    }

    func isTrue(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
        if !condition { throw Finding(text: otherwise()) }
    }

    func expect(_ value: String?, at key: String) async throws {
        try equal(try await self.value(key), value, "what is read at \"\(key)\"")
    }

    func expect(_ value: [UInt8]?, at key: StorageKey) async throws {
        try equal(try await self.value(key), value, "what is read at \(Self.short(key.bytes))")
    }

    func expectKeys(_ expected: [String], in range: StorageRange = .all, limit: Int = 1_000) async throws {
        try equal(try await keys(in: range, limit: limit), expected, "the keys of the scan")
    }

    /// Commits what `fill` puts together and expects a conflict that names `key`.
    func expectConflict(at key: String, _ fill: (inout StorageBatch) -> Void) async throws {
        do {
            try await commit(fill)
        } catch let error as StorageError where error.code == .conflict {
            try equal(error.key.map { "\($0)" }, key, "the key that the conflict names")
            return
        }
        throw Finding(text: "Expected a conflict at \"\(key)\", but the batch was committed.")
    }

    /// Whether the batch was committed; `false` after a conflict.
    func commits(_ fill: (inout StorageBatch) -> Void) async throws -> Bool {
        do {
            try await commit(fill)
            return true
        } catch let error as StorageError where error.code == .conflict {
            return false
        }
    }

    /// Runs `body` in `count` tasks at once; the results come in the order of the numbers of the tasks.
    func together<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for index in 0..<count { group.addTask { (index, try await body(index)) } }
            var values: [(Int, Value)] = []
            for try await value in group { values.append(value) }
            return values.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The beginning of a long description.
    private static func short(_ value: some Any) -> String {
        let text = String(describing: value)
        return text.count <= 300 ? text : "\(text.prefix(300))… (\(text.count) characters)"
    }
}

extension StorageBatch {
    init(_ fill: (inout StorageBatch) -> Void) {
        self.init()
        fill(&self)
    }

    mutating func put(_ value: String, at key: String, expires: WallTime? = nil) {
        put(Array(value.utf8), at: key.asKey, expires: expires)
    }

    mutating func create(_ value: String, at key: String, expires: WallTime? = nil) {
        create(Array(value.utf8), at: key.asKey, expires: expires)
    }

    mutating func delete(_ key: String) { delete(key.asKey) }

    mutating func delete(from lower: String, to upper: String?) {
        delete(StorageRange(from: lower.asKey, to: upper?.asKey))
    }

    mutating func requireAbsent(_ key: String) { require(.absent(key.asKey)) }

    mutating func requirePresent(_ key: String) { require(.present(key.asKey)) }

    mutating func require(_ value: String, at key: String) { require(.holds(key.asKey, Array(value.utf8))) }
}

extension String {
    /// The key of these bytes as they are, `/` included.
    var asKey: StorageKey { StorageKey(bytes: Array(utf8)) }
}

extension StorageRange {
    static func from(_ lower: String, to upper: String? = nil) -> StorageRange {
        StorageRange(from: lower.asKey, to: upper?.asKey)
    }
}
