import Apus

/// What a simulator knows and decides, as a plain value: which job is next, which timer fires, what the trace is.
struct SimulatorState: Sendable {
    private struct Timer: Sendable, Comparable {
        let deadline: Duration
        let arrival: UInt64

        static func < (left: Timer, right: Timer) -> Bool {
            (left.deadline, left.arrival) < (right.deadline, right.arrival)
        }
    }

    typealias Sleeper = CheckedContinuation<Void, any Error>

    /// A job with the host that it runs on, if it is not the simulator itself.
    struct Job: Sendable {
        var job: UnownedJob
        var host: SimulatedHost?
    }

    /// What to do next.
    enum Step: Sendable {
        case run(Job)
        case wake([Sleeper])
        case stop(SimulationError.Code)
    }

    /// How far a simulation may go.
    struct Bounds: Sendable {
        var elapsed: Duration
        var decisions: Int
    }

    private var ready: [Job] = []
    private var timers = MinHeap<Timer>()
    /// Those who sleep, by their timer's arrival number; a timer without one was cancelled.
    private var sleepers: [UInt64: Sleeper] = [:]
    private var nextArrival: UInt64 = 0
    private var schedule: SeededGenerator
    private var numbers: SeededGenerator
    private(set) var elapsed: Duration = .zero
    private(set) var decisions = 0
    private(set) var trace: UInt64
    /// Whether decisions count; they do not while a simulation that is over is wound down.
    var isRecording = true
    /// What was seen on another thread.
    private(set) var escape: String?

    init(seed: UInt64) {
        schedule = SeededGenerator(seed: SeededGenerator.mix(seed))
        numbers = SeededGenerator(seed: SeededGenerator.mix(~seed))
        trace = seed
    }

    mutating func enqueue(_ job: UnownedJob, for host: SimulatedHost?) { ready.append(Job(job: job, host: host)) }

    mutating func noteEscape(_ what: String) { escape = escape ?? what }

    mutating func random() -> UInt64 {
        let number = numbers.next()
        record(number)
        return number
    }

    mutating func nextStep(within bounds: Bounds) -> Step {
        if escape != nil { return .stop(.escaped) }
        if decisions >= bounds.decisions { return .stop(.outOfDecisions) }
        if let job = nextJob() { return .run(job) }
        guard let deadline = nextDeadline() else { return .stop(.stuck) }
        return deadline > bounds.elapsed ? .stop(.outOfTime) : .wake(advance(to: deadline))
    }

    /// What is left to do when nobody waits for the result any more: time stands still and sleepers are sent away.
    mutating func nextLeftover() -> Step? {
        if let job = nextJob() { return .run(job) }
        guard !sleepers.isEmpty else { return nil }
        defer { sleepers = [:] }
        return .wake(sleepers.sorted { $0.key < $1.key }.map(\.value))
    }

    /// The next job, chosen by the seed among all that are ready.
    private mutating func nextJob() -> Job? {
        guard !ready.isEmpty else { return nil }
        let index = ready.count == 1 ? 0 : schedule.below(ready.count)
        decide(UInt64(ready.count) << 32 | UInt64(index))
        ready.swapAt(index, ready.count - 1)
        return ready.removeLast()
    }

    mutating func newTimer() -> UInt64 {
        nextArrival += 1
        return nextArrival
    }

    mutating func sleep(_ sleeper: Sleeper, as arrival: UInt64, until deadline: Duration) {
        sleepers[arrival] = sleeper
        timers.insert(Timer(deadline: deadline, arrival: arrival))
    }

    mutating func wake(_ arrival: UInt64) -> Sleeper? {
        let sleeper = sleepers.removeValue(forKey: arrival)
        if timers.count > 64 && timers.count > 2 * sleepers.count {
            timers.keep { [sleepers] in sleepers[$0.arrival] != nil }
        }
        return sleeper
    }

    /// The earliest deadline anybody still waits for.
    private mutating func nextDeadline() -> Duration? {
        while let timer = timers.min {
            if sleepers[timer.arrival] != nil { return timer.deadline }
            _ = timers.popMin()
        }
        return nil
    }

    /// Moves time to `deadline` and returns those who have slept until then, in the order in which they went to sleep.
    private mutating func advance(to deadline: Duration) -> [Sleeper] {
        elapsed = max(elapsed, deadline)
        var due: [Sleeper] = []
        while let timer = timers.min, timer.deadline <= elapsed {
            _ = timers.popMin()
            guard let sleeper = sleepers.removeValue(forKey: timer.arrival) else { continue }
            decide(timer.arrival)
            due.append(sleeper)
        }
        return due
    }

    private mutating func decide(_ fact: UInt64) {
        if isRecording { decisions += 1 }
        record(fact)
    }

    private mutating func record(_ fact: UInt64) {
        if isRecording { trace = SeededGenerator.mix(trace ^ fact) &+ 0x9E37_79B9_7F4A_7C15 }
    }
}
