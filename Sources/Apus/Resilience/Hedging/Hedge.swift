/// Sends a request a second time when the first has no answer for long; the first answer counts, and the other request is cancelled.
///
/// Only requests that may be performed twice may be hedged. A hedge remembers how long answers take, so that the slowest few are hedged and
/// the others not.
///
/// ```swift
/// let hedge = Hedge(.percentile(0.95, initially: .milliseconds(200)))
/// let answer = try await hedge.run { number in "the answer to request \(number)" }
/// print(answer)
/// ```
public final class Hedge: Sendable {
    public let policy: HedgePolicy
    private let state: Guarded<State>

    private struct State {
        var share: HedgeShare
        var latencies: LatencyWindow?
    }

    public init(_ policy: HedgePolicy) {
        self.policy = policy
        var latencies: LatencyWindow?
        if case .percentile(let share, _) = policy.delay { latencies = LatencyWindow(share) }
        state = Guarded(State(share: HedgeShare(policy.share), latencies: latencies))
    }

    /// The first answer that `body` gives; it is called with the number of each request, from 0. When all requests fail, the error of the one
    /// that failed first is thrown. It returns when the requests that came too late have ended, which are cancelled.
    public func run<Value: Sendable>(
        in environment: any Environment = .live, _ body: @escaping @Sendable (_ request: Int) async throws -> Value
    ) async throws -> Value {
        let delay = begin()
        let result = await withTaskGroup(of: HedgeEvent<Value>.self) { group -> Result<Value, any Error> in
            var call = HedgeCall(environment: environment, delay: delay, body: body, requests: policy.requests)
            let first = call.machine.begin()
            call.perform(first, in: &group)
            while let event = await group.next() {
                switch event {
                case .late:
                    let next = call.machine.wake(isAffordable: state.withLock { $0.share.spend() })
                    call.perform(next, in: &group)
                case .ended(let number, let result, let time):
                    if case .success = result { state.withLock { $0.latencies?.add(time) } }
                    if let end = call.end(number, result) {
                        group.cancelAll()
                        return end
                    }
                case .quiet: break
                }
            }
            return .failure(CancellationError())
        }
        return try result.get()
    }

    /// Counts a call, and returns the delay of its next requests.
    private func begin() -> Duration {
        state.withLock { state in
            state.share.call()
            switch policy.delay {
            case .fixed(let delay): return delay
            case .percentile(_, let initially): return state.latencies?.percentile ?? initially
            }
        }
    }
}

/// What happens to a call.
private enum HedgeEvent<Value: Sendable>: Sendable {
    case ended(Int, Result<Value, any Error>, after: Duration)
    /// The delay is over.
    case late
    /// A delay was cancelled.
    case quiet
}

/// One call and its requests.
private struct HedgeCall<Value: Sendable> {
    let environment: any Environment
    let delay: Duration
    let body: @Sendable (Int) async throws -> Value
    var machine: HedgeMachine
    private var failures: [Int: any Error] = [:]

    init(
        environment: any Environment, delay: Duration, body: @escaping @Sendable (Int) async throws -> Value,
        requests: Int
    ) {
        self.environment = environment
        self.delay = delay
        self.body = body
        machine = HedgeMachine(requests: requests)
    }

    func perform(_ next: HedgeMachine.Next, in group: inout TaskGroup<HedgeEvent<Value>>) {
        guard case .send(let number) = next else { return }
        let (environment, delay, body) = (environment, delay, body)
        group.addTask(executorPreference: environment.executor) {
            let start = environment.now()
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(number))
            } catch {
                result = .failure(error)
            }
            return .ended(number, result, after: start.duration(to: environment.now()))
        }
        guard machine.mayGrow else { return }
        group.addTask(executorPreference: environment.executor) {
            (try? await environment.sleep(for: delay)) == nil ? .quiet : .late
        }
    }

    /// What the call comes to, if it is over.
    mutating func end(_ number: Int, _ result: Result<Value, any Error>) -> Result<Value, any Error>? {
        if case .failure(let error) = result { failures[number] = error }
        var isAnswer = false
        if case .success = result { isAnswer = true }
        switch machine.ended(number, isAnswer: isAnswer) {
        case .take: return result
        case .fail(let first): return failures[first].map { .failure($0) } ?? result
        case .send, .wait: return nil
        }
    }
}
