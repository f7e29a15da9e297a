public import Apus
/// A storage that does what storages do on bad days, as often as its faults say and at calls that its seed chooses.
///
/// What the contract promises still holds: a refused batch was not written, an error that leaves it open says so. With the same
/// seed and the same order of calls, as in a ``Simulator``, it does the same again.
public final class FaultyStorage<Base: Storage>: Storage {
    fileprivate struct State {
        var generator: SeededGenerator
        var isOn = true
        var isCutOff = false
        var injected: [StorageFault: Int] = [:]
    }

    /// What is to happen to one call.
    fileprivate struct Plan {
        var faults: Set<StorageFault> = []
        var delayBefore: Duration = .zero
        var delayAfter: Duration = .zero
    }

    private let base: Base
    private let faults: StorageFaults
    private let environment: any Environment
    private let state: Guarded<State>

    public init(_ base: Base, faults: StorageFaults, seed: UInt64, environment: any Environment) {
        self.base = base
        self.faults = faults
        self.environment = environment
        state = Guarded(State(generator: SeededGenerator(seed: seed)))
    }

    /// How often each fault was met so far.
    public var injected: [StorageFault: Int] { state.withLock { $0.injected } }

    /// Lets all go well from now on: the second phase of a simulation, in which everything has to come to its end.
    public func switchOff() { state.withLock { $0.isOn = false } }

    /// Lets no call through any more, as for a process that has died; the space itself remains for others.
    public func cutOff() { state.withLock { $0.isCutOff = true } }

    /// Another way to the same space, with the same faults in another order: what a process has that starts after this one.
    public func again(environment: any Environment) -> FaultyStorage {
        let seed = state.withLock { $0.generator.next() }
        return FaultyStorage(base, faults: faults, seed: seed, environment: environment)
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let plan = plan(.unavailableRead)
        try await before(plan, .unavailableRead)
        let entries = try await base.read(keys)
        if plan.delayAfter > .zero { try await environment.sleep(for: plan.delayAfter) }
        return entries
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let plan = plan(.unavailableScan)
        try await before(plan, .unavailableScan)
        let entries = try await base.scan(range, limit: limit)
        if plan.delayAfter > .zero { try await environment.sleep(for: plan.delayAfter) }
        return entries
    }

    public func commit(_ batch: StorageBatch) async throws {
        let plan = plan(.unavailableCommit, .full, .unknownLost, .unknownApplied)
        try await before(plan, .unavailableCommit, .full, .unknownLost)
        try await base.commit(batch)
        try await after(plan)
    }
}

extension FaultyStorage {
    /// Draws what happens to a call, in an order that does not depend on the rates.
    private func plan(_ candidates: StorageFault...) -> Plan {
        state.withLock { state in
            var plan = Plan()
            guard state.isOn else { return plan }
            for fault in candidates where state.draws(faults.rates[fault] ?? 0) { plan.faults.insert(fault) }
            let isDelayed = state.draws(faults.rates[.delay] ?? 0)
            let shares = [state.share(), state.share()]
            if isDelayed {
                state.injected[.delay, default: 0] += 1
                plan.delayBefore = faults.longestDelay * shares[0]
                plan.delayAfter = faults.longestDelay * shares[1]
            }
            return plan
        }
    }

    private func before(_ plan: Plan, _ candidates: StorageFault...) async throws {
        if plan.delayBefore > .zero { try await environment.sleep(for: plan.delayBefore) }
        let fault = candidates.first(where: plan.faults.contains)
        let isCutOff = state.withLock { state in
            if state.isCutOff { return true }
            if let fault { state.injected[fault, default: 0] += 1 }
            return false
        }
        if isCutOff { throw StorageError(.closed, detail: "it was cut off") }
        switch fault {
        case .full: throw StorageError(.full, detail: "injected")
        case .unknownLost: throw StorageError(.unknownOutcome, detail: "injected")
        case .some: throw StorageError(.unavailable, detail: "injected")
        case nil: break
        }
    }

    /// The way back of a commit that was applied.
    private func after(_ plan: Plan) async throws {
        // A caller who is cancelled now hears of the commit nevertheless.
        if plan.delayAfter > .zero { try? await environment.sleep(for: plan.delayAfter) }
        let isLost = state.withLock { state in
            guard plan.faults.contains(.unknownApplied) else { return state.isCutOff }
            state.injected[.unknownApplied, default: 0] += 1
            return true
        }
        if isLost { throw StorageError(.unknownOutcome, detail: "injected") }
    }
}

extension FaultyStorage.State {
    /// A number from 0 to 1, 1 excluded.
    fileprivate mutating func share() -> Double { Double(generator.next() >> 11) / Double(1 << 53) }

    fileprivate mutating func draws(_ rate: Double) -> Bool { share() < rate }
}

extension FaultyStorage: WatchableStorage where Base: WatchableStorage {
    public func changes(in range: StorageRange) -> AsyncStream<Void> { base.changes(in: range) }
}

extension FaultyStorage: TransactionalStorage where Base: TransactionalStorage {
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Base.Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        let plan = plan(.unavailableCommit, .full, .unknownLost, .unknownApplied)
        try await before(plan, .unavailableCommit, .full, .unknownLost)
        let value = try await base.transact(body)
        try await after(plan)
        return value
    }
}

extension Storage {
    /// This storage on bad days, see ``FaultyStorage``.
    public func faulty(
        _ faults: StorageFaults, seed: UInt64, environment: any Environment
    ) -> FaultyStorage<Self> {
        FaultyStorage(self, faults: faults, seed: seed, environment: environment)
    }
}
