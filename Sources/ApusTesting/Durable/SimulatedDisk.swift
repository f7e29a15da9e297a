public import Apus

/// The storage of a simulation: one space in memory that outlives its hosts, and that is watched.
public final class SimulatedDisk: Sendable {
    let memory: MemoryStorage
    let watch: Guarded<JournalWatch>
    /// The true time.
    let environment: any Environment
    private let isSound = Guarded(false)

    init(_ environment: any Environment, isTold: Bool) {
        self.environment = environment
        memory = MemoryStorage(environment: environment)
        watch = Guarded(JournalWatch(isTold: isTold))
    }

    /// From now on nothing goes wrong any more.
    func recover() { isSound.withLock { $0 = true } }

    var hasFaults: Bool { !isSound.withLock { $0 } }

    func commit(_ batch: StorageBatch) async throws {
        try await memory.commit(batch)
        let now = environment.now()
        watch.withLock { $0.applied(batch, at: now) }
    }

    func complain(_ text: String) { watch.withLock { $0.complain(text) } }
    func tell(_ text: String) { watch.withLock { $0.tell(text) } }
}

/// The way of one host to the disk, with all that can happen on it.
///
/// A commit that was sent goes on without its host: it arrives though the host has died, or stands still, or another one has
/// written meanwhile.
public final class DiskAccess: Storage {
    private let disk: SimulatedDisk
    private let host: SimulatedHost?
    private let faults: DiskFaults
    private let generator: Guarded<SeededGenerator>

    /// What happens to one call.
    private struct Fate {
        var before = Duration.zero
        var after = Duration.zero
        var refusal: StorageError?
        var isAnswerLost = false
    }

    init(_ disk: SimulatedDisk, _ host: SimulatedHost?, _ faults: DiskFaults, seed: UInt64) {
        self.disk = disk
        self.host = host
        self.faults = faults
        generator = Guarded(SeededGenerator(seed: seed))
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try await travel(fate(faults.reads, []))
        return try await disk.memory.read(keys)
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await travel(fate(faults.scans, []))
        return try await disk.memory.scan(range, limit: limit)
    }

    public func commit(_ batch: StorageBatch) async throws {
        let fate = fate(faults.commits, [.full, .unknownOutcome])
        do {
            try await travel(fate) { [disk] in try await disk.commit(batch) }
        } catch let error as StorageError where error.code == .conflict {
            if let key = error.key?.parts, key.count == 3, key[0] == "journal", let worker = host?.worker {
                let now = disk.environment.now()
                disk.watch.withLock { $0.fenced(worker, from: key[1], at: now) }
            }
            throw error
        }
        if fate.isAnswerLost { throw StorageError(.unknownOutcome, detail: "the answer was lost") }
    }

    private func fate(_ rate: Int, _ others: [StorageError.Code]) -> Fate {
        guard disk.hasFaults else { return Fate() }
        return generator.withLock { generator in
            var fate = Fate()
            if generator.below(1_000) < rate {
                fate.refusal = StorageError(([.unavailable] + others)[generator.below(1 + others.count)])
            } else if !others.isEmpty, generator.below(1_000) < faults.lostAnswers {
                fate.isAnswerLost = true
            }
            if generator.below(1_000) < faults.delays {
                let longest = 1 + Int(faults.longestDelay.components.seconds * 1_000)
                fate.before = .milliseconds(generator.below(longest))
                fate.after = .milliseconds(generator.below(longest))
            }
            return fate
        }
    }

    /// How long a transaction waits for others, if it does.
    private func lockPause() -> Duration? {
        guard disk.hasFaults else { return nil }
        return generator.withLock { generator in
            generator.below(1_000) < faults.locks ? .milliseconds(generator.below(8_000)) : nil
        }
    }

    /// Goes to the disk and back; what `work` does there goes on if the host does not.
    private func travel(
        _ fate: Fate, _ work: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        if host?.isAlive == false { throw StorageError(.closed, detail: "its host is dead") }
        let environment = disk.environment
        if fate.before > .zero || fate.after > .zero {
            // Whoever called waits for it, unless its host dies.
            let task = environment.spawn {
                try? await environment.sleep(for: fate.before)
                if let refusal = fate.refusal { throw refusal }
                try await work()
                try? await environment.sleep(for: fate.after)
            }
            try await task.value
        } else {
            if let refusal = fate.refusal { throw refusal }
            try await work()
        }
        if host?.isAlive == false { throw StorageError(.closed, detail: "its host is dead") }
    }
}

extension DiskAccess: TransactionalStorage {
    /// What is to be written in a transaction.
    public final class Transaction {
        fileprivate var batch = StorageBatch()

        public func put(_ value: [UInt8], at key: StorageKey) { batch.put(value, at: key) }
    }

    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        let environment = disk.environment
        if let pause = lockPause() { try? await environment.sleep(for: pause) }
        let transaction = Transaction()
        let (value, batch) = try body(transaction)
        transaction.batch.append(batch)
        try await commit(transaction.batch)
        return value
    }
}

/// How often what happens on the way to a disk, in thousandths of the calls.
public struct DiskFaults: Sendable, Hashable, CustomStringConvertible {
    /// Reads, scans and commits that are refused; a refused commit may say that nobody knows.
    public var reads = 0
    public var scans = 0
    public var commits = 0
    /// Commits that are applied while their answer is lost.
    public var lostAnswers = 0
    public var delays = 0
    public var longestDelay = Duration.zero
    /// Transactions that wait for others, up to 8 seconds.
    public var locks = 0

    public init() {}

    public static let none = DiskFaults()

    /// Rates that a seed chooses, each of them none in every second seed.
    static func drawn(by generator: inout SeededGenerator) -> DiskFaults {
        var faults = DiskFaults()
        func rate(_ most: Int) -> Int { generator.below(2) == 0 ? 0 : 1 + generator.below(most) }
        (faults.reads, faults.scans, faults.commits) = (rate(100), rate(100), rate(150))
        faults.lostAnswers = rate(150)
        faults.delays = rate(500)
        faults.locks = rate(400)
        faults.longestDelay = [.milliseconds(20), .milliseconds(500), .seconds(3)][generator.below(3)]
        return faults
    }

    public var description: String {
        """
        reads \(reads), scans \(scans), commits \(commits), lost answers \(lostAnswers), delays \(delays) up to \(longestDelay), \
        locks \(locks)
        """
    }
}
