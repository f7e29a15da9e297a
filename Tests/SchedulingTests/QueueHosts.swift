import Apus
import ApusTesting

/// Hosts of one queue in a simulation, and a client that never dies.
final class QueueHosts: Sendable {
    private struct Member {
        var host: SimulatedHost
        var task: Task<Void, any Error>
    }

    let graph: Graph<Errand>
    let client: Engine
    private let simulator: Simulator
    private let environment: any Environment
    private let queue: WorkQueue
    private let options: EngineOptions
    private let storage: @Sendable (SimulatedHost?) -> any Storage
    private let members = Guarded<[Int: Member]>([:])
    private let gone = Guarded<[Member]>([])
    private let lives = Guarded(0)

    init(
        _ simulator: Simulator, _ environment: any Environment, _ queue: WorkQueue, _ diary: Diary,
        options: EngineOptions = EngineOptions(),
        storage: @escaping @Sendable (SimulatedHost?) -> any Storage
    ) throws {
        self.simulator = simulator
        self.environment = environment
        self.queue = queue
        self.options = options
        self.storage = storage
        graph = try errands(diary)
        client = Engine(storage: storage(nil), environment: environment)
    }

    /// Starts a host where none is alive.
    func start(_ slot: Int) {
        if members.withLock({ $0[slot] }) != nil { return }
        let life = lives.withLock { lives in
            lives += 1
            return lives
        }
        let host = SimulatedHost("h\(slot).\(life)", in: simulator)
        let engine = Engine(
            storage: storage(host), environment: HostEnvironment(host, environment), options: options)
        engine.register(graph)
        engine.host(queue)
        let task = engine.environment.spawn { try await engine.run() }
        members.withLock { $0[slot] = Member(host: host, task: task) }
    }

    func kill(_ slot: Int) {
        guard let member = members.withLock({ $0.removeValue(forKey: slot) }) else { return }
        member.host.kill()
        gone.withLock { $0.append(member) }
    }

    /// Stops a host as a service is stopped: it lets go of what it has.
    func stop(_ slot: Int) {
        guard let member = members.withLock({ $0.removeValue(forKey: slot) }) else { return }
        member.task.cancel()
        gone.withLock { $0.append(member) }
    }

    func pause(_ slot: Int) { members.withLock { $0[slot] }?.host.pause() }
    func goOn(_ slot: Int) { members.withLock { $0[slot] }?.host.goOn() }

    /// Ends all hosts; those that died leave nothing behind.
    func finish() async {
        let alive = members.withLock { members in
            defer { members = [:] }
            return members.keys.sorted().compactMap { members[$0] }
        }
        for member in alive + gone.withLock({ $0 }) { await member.host.end([member.task]) }
    }
}

/// A storage as one host has it: it fails now and then, and what a dead host still does there has no effect.
struct ShakyStorage: Storage {
    let base: any Storage
    let host: SimulatedHost?
    let rate: Int
    let generator: Chance
    /// Sees every batch that was applied.
    let seen: @Sendable (StorageBatch) -> Void

    final class Chance: Sendable {
        private let generator: Guarded<SeededGenerator>

        init(seed: UInt64) { generator = Guarded(SeededGenerator(seed: seed)) }

        func below(_ bound: Int) -> Int { generator.withLock { $0.below(bound) } }
    }

    private func check() throws {
        if host?.isAlive == false { throw StorageError(.closed, detail: "its host is dead") }
        if host != nil, generator.below(1_000) < rate { throw StorageError(.unavailable) }
    }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try check()
        return try await base.read(keys)
    }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try check()
        return try await base.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        try check()
        try await base.commit(batch)
        seen(batch)
        if host != nil, generator.below(1_000) < rate { throw StorageError(.unknownOutcome) }
    }
}
