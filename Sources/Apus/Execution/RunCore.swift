import Synchronization

/// What all graphs of one run share: its limits, its events, its turns, and whether it is paused.
final class RunCore: RunServices {
    let environment: any Environment
    let limits: GraphLimits
    let graphName: String
    /// Where what happens is written down, if it is.
    let journal: RunJournal?
    /// What the outside did, where a run is replayed without it.
    let replay: CapsuleInputs?
    let planted = Planted()
    let inbox = RunInbox()
    let activity = RunActivity()
    let hub: EventHub?
    private let isUndoing = Atomic<Bool>(false)
    private let observers: Observers
    private let worker: String?
    /// The trace that whoever started the run is in.
    private let caller: TraceContext?
    private let stretch: Guarded<RunTrace?>
    /// Who watches, where that was known before the run began.
    private let opening: Observers.Opening?
    private let isBegun = Atomic<Bool>(false)
    private let knownID: Guarded<RunID?>
    private let end: Guarded<Deadline?>
    private let steps = Atomic<Int>(0)
    private let cancelling = Atomic<Bool>(false)
    private let isPaused = Atomic<Bool>(false)
    private let waiting = Guarded<[CheckedContinuation<Void, Never>]>([])
    private let places: TurnstileGate?
    private let turns = Guarded<[String: TurnstileGate]>([:])

    init(
        _ environment: any Environment, _ id: RunID?, _ limits: GraphLimits, graph: String, hub: EventHub?,
        journal: RunJournal? = nil, replay: CapsuleInputs? = nil, deadline: WallTime? = nil,
        observers: Observers = Observers([]), worker: String? = nil, caller: TraceContext? = nil,
        opening: Observers.Opening? = nil
    ) {
        end = Guarded(deadline.map { Deadline($0, setBy: Deadline.run) })
        self.opening = opening
        stretch = Guarded(opening?.trace)
        self.observers = observers
        self.worker = worker
        self.caller = caller
        self.replay = replay
        self.environment = environment
        self.journal = journal
        knownID = Guarded(id)
        self.limits = limits
        graphName = graph
        self.hub = hub
        places = limits.concurrency.map { TurnstileGate(capacity: max(1, $0)) }
    }

    /// Drawn when it is first asked for, unless the run was given one.
    var runID: RunID {
        knownID.withLock { known in
            let id = known ?? RunID(from: environment)
            known = id
            return id
        }
    }

    /// By when the run has to have ended.
    var deadline: Deadline? { end.withLock { $0 } }

    /// What the run was begun with.
    func set(deadline: WallTime?) { end.withLock { $0 = deadline.map { Deadline($0, setBy: Deadline.run) } } }

    /// Whether anybody listens, or may pause the run: then each step asks for leave.
    @inline(__always)
    var isAttended: Bool { hub != nil }

    var isWatched: Bool { hub?.isWatched ?? false }

    var isUnattended: Bool { hub == nil && places == nil && journal == nil }

    /// Whether a step of a run that is watched, or may be paused, may go on without asking: nothing holds it up now.
    var letsPass: Bool {
        journal == nil && places == nil && replay == nil && hub?.isFull != true && !isHeld && !isCancelRequested
            && !Task.isCancelled
    }

    var hasPlaces: Bool { places != nil }

    func emit(_ kind: @autoclosure () -> RunEvent.Kind) {
        hub?.emit(kind(), at: environment.now())
    }

    @inline(__always)
    func countActivation() throws {
        if steps.wrappingAdd(1, ordering: .relaxed).oldValue >= limits.steps { throw limitError() }
    }

    /// Whether the run was cancelled, rather than the task that executes it here.
    var isCancelRequested: Bool { cancelling.load(ordering: .acquiring) }

    /// What the run did is taken back from now on, and nobody cancels that.
    func undoes() { isUndoing.store(true, ordering: .relaxed) }

    /// Whether this worker lets go of a run that goes on elsewhere or later.
    var isLetGo: Bool { journal != nil && activity.reason != nil && !isCancelRequested }

    func cancelRequested() {
        if isUndoing.load(ordering: .relaxed) { return }
        cancelling.store(true, ordering: .releasing)
        if journal != nil { activity.letGo(CancellationError()) }
    }

    /// With a journal it returns when the calling task is cancelled, so that nobody takes the end of its work for a failure.
    func checkCancelled() async throws {
        try Task.checkCancellation()
        guard journal != nil, isCancelRequested else { return }
        _ = await StopSignal().wait()
        throw CancellationError()
    }

    /// Counts what a worker before this one started.
    func countPast(_ count: Int) { steps.wrappingAdd(count, ordering: .relaxed) }

    /// How many activations were started.
    var stepCount: Int { steps.load(ordering: .relaxed) }

    /// Whether an activation could not start for want of steps.
    var isOutOfSteps: Bool { steps.load(ordering: .relaxed) > limits.steps }

    @inline(never)
    func limitError() -> RunError { RunError(.stepLimit, graph: graphName, detail: "\(limits.steps)") }
}

// MARK: Watching

extension RunCore {
    var trace: RunTrace? { stretch.withLock { $0 } }

    /// Whether anything of the run has happened here.
    var hasBegun: Bool { isBegun.load(ordering: .relaxed) }

    /// Tells that the run goes on here, from now on also to the observers.
    @inline(__always)
    func began(isContinued: Bool = false) {
        if hub != nil { attach(isContinued) }
    }

    @inline(never)
    private func attach(_ isContinued: Bool) {
        isBegun.store(true, ordering: .relaxed)
        if !observers.isEmpty, let trace, let hub {
            let facts = RunFacts(
                run: runID, graph: graphName, worker: worker, trace: trace, isContinued: isContinued)
            hub.follow(opening?.watchers ?? observers.watchers(of: facts))
        }
        emit(isContinued ? .runContinued(graph: graphName) : .runStarted(graph: graphName))
    }

    /// Takes a place in a trace for a run that begins; returns what is to be stored of it. One that begins elsewhere finds its
    /// place there.
    @discardableResult
    func beginTrace(isHere: Bool = true) -> StoredTrace? {
        guard isHere else { return caller.map { StoredTrace($0, isBegun: false) } }
        guard caller != nil || !observers.isEmpty, opening == nil else { return nil }
        let next = observers.begin(below: caller, environment)
        stretch.withLock { $0 = next }
        return next.map { StoredTrace($0.context, isBegun: !observers.isEmpty) }
    }

    /// The same for a run that is taken up.
    func continueTrace(after stored: StoredTrace?) -> StoredTrace? {
        let next = observers.goOn(after: stored, environment)
        stretch.withLock { $0 = next }
        return observers.isEmpty ? stored : next.map { StoredTrace($0.context, isBegun: true) }
    }

    /// Tells how what `body` does ends, and that nothing follows.
    func told<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        defer {
            inbox.leave()
            hub?.end()
        }
        do {
            let value = try await body()
            emit(.runCompleted)
            return value
        } catch {
            emit(error is CancellationError ? .runCancelled : .runFailed("\(error)"))
            throw error
        }
    }
}

// MARK: Waiting

extension RunCore {
    func pass() async throws {
        if let hub { await hub.room() }
        try await checkCancelled()
        while isPaused.load(ordering: .relaxed) {
            try Task.checkCancellation()
            await waitForResume()
        }
        try Task.checkCancellation()
    }

    var isHeld: Bool { isPaused.load(ordering: .relaxed) }

    func pause() {
        if !isPaused.exchange(true, ordering: .relaxed) { emit(.runPaused) }
    }

    func resume() {
        let woken = waiting.withLock { waiting in
            defer { waiting = [] }
            if isPaused.exchange(false, ordering: .relaxed) { emit(.runResumed) }
            return waiting
        }
        for continuation in woken { continuation.resume() }
    }

    private func waitForResume() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = waiting.withLock { waiting in
                    guard isPaused.load(ordering: .relaxed), !Task.isCancelled else { return false }
                    waiting.append(continuation)
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            wakeAll()
        }
    }

    /// Lets all who wait look again; those whose run is still paused wait on.
    private func wakeAll() {
        let woken = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for continuation in woken { continuation.resume() }
    }

    func enter(key: String?, priority: Int, takesPlace: Bool) async throws {
        if let key { try await turn(key).enter(priority: priority) }
        do {
            if takesPlace { try await places?.enter(priority: priority) }
        } catch {
            if let key { turn(key).leave() }
            throw error
        }
    }

    func leave(key: String?, takesPlace: Bool) {
        if takesPlace { places?.leave() }
        if let key { turn(key).leave() }
    }

    private func turn(_ key: String) -> TurnstileGate {
        turns.withLock { turns in
            if let gate = turns[key] { return gate }
            let gate = TurnstileGate(capacity: 1)
            turns[key] = gate
            return gate
        }
    }
}
