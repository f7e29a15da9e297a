public import Apus
import Dispatch
import Synchronization

/// Runs asynchronous code on one thread, in virtual time, in an order that one seed determines.
///
/// Give the environment it hands out to a graph executor, or to any code that starts its tasks with
/// `Environment.spawn(_:)` and child tasks and asks the environment for time and randomness. Of all jobs that are
/// ready the seed picks one; when none is, time jumps to the next timer. The same seed takes the same decisions, so a
/// failure is shown again by its seed, and hours pass in microseconds.
///
/// Work that leaves the thread is not determined by the seed. The simulator reports it when it comes back or asks the
/// environment for something, see ``SimulationError/Code/escaped``; it can't see work that does neither. Data races
/// don't show on one thread: run the same code under the thread sanitizer too.
public final class Simulator: Sendable {
    public let seed: UInt64
    private let state: Guarded<SimulatorState>
    /// The thread that simulates at the moment, or 0.
    private let owner = Atomic<UInt>(0)
    /// Signalled when something comes from another thread.
    private let arrival = DispatchSemaphore(value: 0)

    public init(seed: UInt64) {
        self.seed = seed
        state = Guarded(SimulatorState(seed: seed))
    }

    /// A hash of all decisions so far; equal for equal seeds and bodies.
    public var trace: UInt64 { state.withLock { $0.trace } }
    /// How many jobs were run and timers fired so far.
    public var decisions: Int { state.withLock { $0.decisions } }
    /// Virtual time since the simulator was made.
    public var elapsed: Duration { state.withLock { $0.elapsed } }

    /// Runs `body` to its end on the calling thread; returns what it returns, throws what it throws.
    ///
    /// It always comes back, unless `body` blocks the thread: when the simulation can't go on, or would pass `limit`
    /// in virtual time or the number of `decisions`, it throws a ``SimulationError``. What `body` leaves behind is
    /// cancelled. Several runs of one simulator follow each other in virtual time.
    public func run<T: Sendable>(
        limit: Duration = .seconds(365 * 86_400), decisions: Int = 10_000_000,
        _ body: @escaping @Sendable (any Environment) async throws -> T
    ) throws -> T {
        let isFree = owner.compareExchange(expected: 0, desired: currentThread(), ordering: .relaxed).exchanged
        precondition(isFree, "a simulator runs one body at a time")
        defer { owner.store(0, ordering: .relaxed) }
        let environment = SimulatedEnvironment(simulator: self)
        let outcome = Outcome<T>()
        // Awaited by the loop in `drive`, which ends it when it gives up.
        let task = environment.spawn {
            do {
                outcome.result = .success(try await body(environment))
            } catch {
                outcome.result = .failure(error)
            }
        }
        let stop = drive(limit: limit, decisions: decisions) { outcome.result != nil }
        let failure = stop.map(describe)
        task.cancel()
        windDown()
        if let failure { throw failure }
        guard let result = outcome.result else { preconditionFailure("a simulation ended without a result") }
        return try result.get()
    }

    /// Performs decisions until `isDone`; returns why it can't go on, if so.
    private func drive(limit: Duration, decisions: Int, until isDone: () -> Bool) -> SimulationError.Code? {
        let bounds = state.withLock { state in
            state.isRecording = true
            return SimulatorState.Bounds(elapsed: state.elapsed + limit, decisions: state.decisions + decisions)
        }
        while !isDone() {
            let step = state.withLock { $0.nextStep(within: bounds) }
            switch step {
            case .stop(.stuck) where comesBack(): return .escaped
            case .stop(let reason): return reason
            case .run, .wake: perform(step)
            }
        }
        return state.withLock { $0.escape == nil ? nil : .escaped }
    }

    /// Whether something arrives from another thread soon. A stuck simulation waits half a real second for it, since
    /// "escaped" says more than "stuck".
    private func comesBack() -> Bool { arrival.wait(timeout: .now() + .milliseconds(500)) == .success }

    private func perform(_ step: SimulatorState.Step) {
        switch step {
        case .run(let job):
            if let host = job.host { host.run(job.job) } else { job.job.runSynchronously(on: asUnownedTaskExecutor()) }
        case .wake(let sleepers): for sleeper in sleepers { sleeper.resume() }
        case .stop: break
        }
    }

    /// Lets what the body left behind come to its end, within reason, so that nothing is leaked.
    private func windDown() {
        state.withLock { $0.isRecording = false }
        for _ in 0..<100_000 {
            guard let step = state.withLock({ $0.nextLeftover() }) else { return }
            if case .wake(let sleepers) = step {
                for sleeper in sleepers { sleeper.resume(throwing: CancellationError()) }
            } else {
                perform(step)
            }
        }
    }

    private func describe(_ code: SimulationError.Code) -> SimulationError {
        state.withLock { state in
            SimulationError(
                code, seed: seed, elapsed: state.elapsed, decisions: state.decisions, detail: state.escape ?? "")
        }
    }
}

extension Simulator: TaskExecutor {
    public func enqueue(_ job: consuming ExecutorJob) {
        enqueue(UnownedJob(job), for: nil)
    }

    func enqueue(_ job: UnownedJob, for host: SimulatedHost?) {
        use("a job was enqueued") { $0.enqueue(job, for: host) }
    }
}

extension Simulator {
    /// Touches the state, and notes it when that happens outside the simulation.
    func use<Result: Sendable>(_ what: String, _ body: (inout SimulatorState) -> Result) -> Result {
        let isInside = owner.load(ordering: .relaxed) == currentThread()
        let result = state.withLock { state in
            if !isInside { state.noteEscape("\(what) outside the simulator's thread") }
            return body(&state)
        }
        if !isInside { arrival.signal() }
        return result
    }

    /// Parks the caller until virtual time has come to `deadline`.
    func sleep(until deadline: Duration) async throws {
        let arrival = use("sleep(until:) was called") { $0.newTimer() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleep(continuation, as: arrival, until: deadline)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.wake(arrival) }?.resume(throwing: CancellationError())
        }
    }
}
