/// One engine's part in a queue: when it is in office, it alone decides what of the queue is started.
///
/// Its office is an entry in the storage with an expiry, and every start requires it; so one that was held up past it starts
/// nothing. What it knows is read from the storage when it takes office, and after that it hears of the rest.
final class QueueLead: Sendable {
    let name: String
    let keys: QueueKeys
    let bell = Doorbell()
    private let state: Guarded<State>

    struct State {
        var queue: WorkQueue
        /// The term of office, while there is one.
        var office: [UInt8]?
        var machine: QueueMachine
        /// Runs that have ended and whose places in the storage are not yet cleared away.
        var ended: [RunID: RunHead.Status] = [:]
        /// Work that was started and failed, with how often it was.
        var attempts: [RunID: Int] = [:]
        /// Work that something is being done with.
        var busy: Set<RunID> = []
    }

    init(_ queue: WorkQueue) {
        name = queue.name
        keys = QueueKeys(queue.name)
        state = Guarded(State(queue: queue, machine: QueueMachine(queue.limits)))
    }

    var strategy: any Strategy { state.withLock { $0.queue.strategy } }
    var limits: QueueLimits { state.withLock { $0.queue.limits } }

    /// The term of office of this engine, while it has one.
    var office: [UInt8]? { state.withLock { $0.office } }

    func change(_ queue: WorkQueue) {
        let office = state.withLock { state in
            state.queue = queue
            return state.office
        }
        // The next term begins with it.
        if let office { resign(office) }
    }

    /// How the queue is, while this engine leads it.
    var status: QueueStatus? {
        state.withLock { state in
            guard state.office != nil else { return nil }
            return QueueStatus(
                queue: name, waiting: state.machine.waiting.count, running: state.machine.runningCount,
                oldest: state.machine.oldest())
        }
    }

    func isFull(_ more: Int) -> Bool {
        state.withLock { $0.office != nil && $0.machine.waiting.count + more > $0.queue.limits.waiting }
    }

    func takeOffice(_ office: [UInt8]) {
        state.withLock { state in
            (state.office, state.machine) = (office, QueueMachine(state.queue.limits))
            (state.ended, state.attempts, state.busy) = ([:], [:], [])
        }
    }

    func resign(_ office: [UInt8]) {
        state.withLock { if $0.office == office { $0.office = nil } }
        bell.ring()
    }
}

/// What it hears.
extension QueueLead {
    /// Work was stored that it is the first to hear of.
    func arrived(_ works: [QueuedWork], at now: WallTime? = nil) {
        let strategy = strategy
        state.withLock { state in
            guard state.office != nil else { return }
            for work in works where !state.machine.isRunning(work.id) {
                state.machine.add(work.ranked(by: strategy), at: now ?? work.enqueued)
            }
        }
        bell.ring()
    }

    /// Work does not wait any more.
    func dropped(_ run: RunID) {
        state.withLock { _ = $0.machine.remove(run) }
        bell.ring()
    }

    /// A run of the queue has ended, here or elsewhere.
    func ended(_ run: RunID, _ status: RunHead.Status) {
        state.withLock { state in
            guard state.office != nil else { return }
            state.machine.ended(run)
            state.ended[run] = status
        }
        bell.ring()
    }

    /// What is done with the state of the lead while it is in `office`; `nil` when it is not.
    func decide<Result: Sendable>(_ office: [UInt8], _ body: (inout State) -> Result) -> Result? {
        state.withLock { state in state.office == office ? body(&state) : nil }
    }
}

extension QueuedWork {
    func ranked(by strategy: any Strategy) -> QueuedWork {
        var copy = self
        (copy.place, copy.cost) = (strategy.place(of: self), max(strategy.cost(of: self), 1e-9))
        return copy
    }
}
