/// What the outside did to a run in a capsule: what effects came to, in place of performing them.
final class CapsuleInputs: Sendable {
    /// By activation and effect, what the last try failed with.
    private let failures: [String: String]
    /// The effects that were begun.
    private let begun: Set<String>
    /// What activations failed with.
    private let endings: [String: String]
    private let cancelled: Set<String>
    private let found = Guarded<[ReplayDifference]>([])

    init(_ records: [JournalRecord]) {
        var (failures, begun, endings) = ([String: String](), Set<String>(), [String: String]())
        for record in records {
            let effect = Self.id(record.activation ?? "", record.name ?? "")
            switch record.tag {
            case .intent: begun.insert(effect)
            case .effectFailed: failures[effect] = record.note
            case .effect, .resolved: failures[effect] = nil
            case .failed: endings[record.activation ?? ""] = record.note
            default: break
            }
        }
        (self.failures, self.begun, self.endings) = (failures, begun, endings)
        cancelled = Set(records.filter { $0.tag == .cancelled }.map { $0.activation ?? "" })
    }

    func wasCancelled(_ activation: String) -> Bool { cancelled.contains(activation) }

    func failed(_ activation: String, with note: String) -> Bool { endings[activation] == note }

    /// What an activation failed with.
    func note(of activation: String) -> String? { endings[activation] }

    /// Effects that the capsule knows nothing of, in the order in which they were called.
    var unknown: [ReplayDifference] { found.withLock { $0 } }

    /// What becomes of an effect without a result.
    ///
    /// One that failed fails in the same way. One that was cut off fails as its activation did, and waits if that never ended, until
    /// the task is cancelled. Any other is a difference.
    func outcome(of name: String, _ activation: String, _ ledger: Ledger?) async -> any Error {
        let effect = Self.id(activation, name)
        if let failure = failures[effect] { return JournaledError(failure) }
        guard begun.contains(effect) else {
            found.withLock { $0.append(ReplayDifference(activation, .effectUnknown(name))) }
            return JournaledError("the effect \"\(name)\" is not in the capsule")
        }
        if let ending = endings[activation] { return JournaledError(ending) }
        ledger?.waitBegan()
        _ = await StopSignal().wait()
        ledger?.waitEnded()
        return CancellationError()
    }

    private static func id(_ activation: String, _ name: String) -> String { "\(activation)?\(name)" }
}

/// The present at the end of a capsule: what the run slept for is over. Delays between tries take no time.
struct CapsuleEnvironment: Environment {
    let base: any Environment
    let origin: Instant
    let end: WallTime

    init(_ base: any Environment, after end: WallTime) {
        self.base = base
        self.end = end
        origin = base.now()
    }

    var executor: (any TaskExecutor)? { base.executor }

    func now() -> Instant {
        let now = base.now()
        let start = Duration.milliseconds(end.milliseconds)
        return Instant(uptime: now.uptime, sinceEpoch: start + origin.duration(to: now))
    }

    func sleep(until deadline: Instant) async throws { try await base.sleep(until: deadline) }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }

    func random() -> UInt64 { base.random() }
}
