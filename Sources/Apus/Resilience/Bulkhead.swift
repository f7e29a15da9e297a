/// Lets only so many calls be under way at once; others wait in a queue of bounded length for a bounded time, so that one slow dependency
/// does not take everything with it.
///
/// ```swift
/// let reports = Bulkhead("reports", places: 4, queue: 16, waiting: .seconds(2))
/// try await reports.run { print("one of four") }
/// ```
///
/// Who came first goes first. A call that is cancelled, also while it waits, gives its place back.
public final class Bulkhead: CallGuard {
    public let name: String
    public let places: Int
    private let patience: Duration?
    private let gate: TurnstileGate
    /// How many have waited too long.
    private let late = Guarded(0)

    /// `queue` is how many may wait, and `waiting` how long; `nil` is as long as it takes.
    public init(_ name: String, places: Int, queue: Int = 0, waiting: Duration? = nil) {
        self.name = name
        self.places = places
        patience = waiting
        gate = TurnstileGate(capacity: places, queue: queue)
    }

    public var reading: GuardReading {
        var reading = GuardReading(.bulkhead, name)
        let counts = gate.counts
        (reading.held, reading.waiting) = (counts.inside, counts.waiting)
        (reading.admitted, reading.refused) = (counts.admitted, counts.refused + late.withLock { $0 })
        return reading
    }

    @discardableResult
    public func run<Value>(in environment: any Environment, _ body: () async throws -> Value) async throws -> Value {
        if !gate.enterAtOnce() { try await wait(in: environment) }
        defer { gate.leave() }
        return try await body()
    }

    private func wait(in environment: any Environment) async throws {
        guard let patience else {
            if try await !gate.enter() { throw ResilienceError(.bulkheadFull, name) }
            return
        }
        let gate = gate
        let entrance = await withThrowingTaskGroup(of: Entrance.self) { group in
            group.addTask { try await gate.enter() ? .entered : .full }
            group.addTask {
                try await environment.sleep(for: patience)
                return .late
            }
            return await Self.entrance(&group)
        }
        switch entrance {
        case .entered where Task.isCancelled:
            gate.leave()
            throw CancellationError()
        case .entered: return
        case .full: throw ResilienceError(.bulkheadFull, name)
        case .late:
            late.withLock { $0 += 1 }
            throw ResilienceError(.waitedTooLong, name)
        case .cancelled: throw CancellationError()
        }
    }

    /// How the wait for a place ended.
    private enum Entrance { case entered, full, late, cancelled }

    /// What came of both, the place and the end of the wait: a place that came together with the end is taken.
    private static func entrance(_ group: inout ThrowingTaskGroup<Entrance, any Error>) async -> Entrance {
        var ends: [Entrance] = []
        while let end = await group.nextResult() {
            ends.append((try? end.get()) ?? .cancelled)
            group.cancelAll()
        }
        if ends.contains(.entered) { return .entered }
        return ends.first ?? .cancelled
    }
}
