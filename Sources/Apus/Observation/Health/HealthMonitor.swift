/// Tells how a program is, with the state of everything it depends on.
///
/// All dependencies are asked at once, each within its time. Who asks while an answer is fresh is given that; who asks while
/// somebody else waits for it waits with them, so a dependency is never asked twice at the same time.
public final class HealthMonitor: Sendable {
    private let checks: [HealthCheck]
    private let environment: any Environment
    private let redaction: Redaction
    private let state: Guarded<State>

    private struct State {
        var known: [HealthReport.Dependency?]
        var moments: [Instant?]
        var waiting: [[CheckedContinuation<Void, Never>]?]
    }

    public init(
        _ checks: [HealthCheck], redaction: Redaction = .standard, environment: any Environment = .live
    ) {
        precondition(Set(checks.map(\.name)).count == checks.count, "two dependencies have one name")
        self.checks = checks
        self.redaction = redaction
        self.environment = environment
        state = Guarded(
            State(
                known: checks.map { _ in nil }, moments: checks.map { _ in nil }, waiting: checks.map { _ in nil }))
    }

    /// How it is now, or was just before.
    @concurrent
    public func report() async -> HealthReport {
        let dependencies = await withTaskGroup(of: (Int, HealthReport.Dependency).self) { group in
            for place in checks.indices {
                group.addTask(executorPreference: environment.executor) { (place, await self.dependency(place)) }
            }
            var found: [HealthReport.Dependency?] = checks.map { _ in nil }
            for await (place, dependency) in group { found[place] = dependency }
            return found.compactMap(\.self)
        }
        return HealthReport(dependencies)
    }

    /// What is asked next: an answer that is fresh, a place beside whoever asks already, or the asking itself.
    private enum Next { case known(HealthReport.Dependency), wait, ask }

    private func dependency(_ place: Int) async -> HealthReport.Dependency {
        while true {
            let now = environment.now()
            let next = state.withLock { state -> Next in
                if state.waiting[place] != nil { return .wait }
                if let known = state.known[place], let moment = state.moments[place],
                    moment.duration(to: now) < checks[place].freshness
                {
                    return .known(known)
                }
                state.waiting[place] = []
                return .ask
            }
            switch next {
            case .known(let dependency): return dependency
            case .wait: await waitForAnswer(place)
            case .ask: return await ask(place, since: now)
            }
        }
    }

    private func waitForAnswer(_ place: Int) async {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                state.waiting[place]?.append(continuation)
                return state.waiting[place] != nil
            }
            if !waits { continuation.resume() }
        }
    }

    private func ask(_ place: Int, since start: Instant) async -> HealthReport.Dependency {
        let check = checks[place]
        let outcome = await outcome(of: check)
        let now = environment.now()
        var dependency = HealthReport.Dependency(
            name: check.name, weight: check.weight, status: .healthy, detail: nil,
            milliseconds: Int(start.duration(to: now).seconds * 1_000), checked: now.wallTime)
        switch outcome {
        case .success(let detail): dependency.detail = detail
        case .failure(let error):
            dependency.status = check.weight == .required ? .unhealthy : .degraded
            dependency.detail = redaction("\(error)")
        }
        let answer = dependency
        let woken = state.withLock { state in
            defer { state.waiting[place] = nil }
            (state.known[place], state.moments[place]) = (answer, now)
            return state.waiting[place] ?? []
        }
        for continuation in woken { continuation.resume() }
        return answer
    }

    private func outcome(of check: HealthCheck) async -> Result<String?, any Error> {
        let environment = environment
        return await withTaskGroup(of: Result<String?, any Error>.self) { group in
            group.addTask(executorPreference: environment.executor) {
                do { return .success(try await check.probe()) } catch { return .failure(error) }
            }
            group.addTask(executorPreference: environment.executor) {
                try? await environment.sleep(for: check.timeout)
                return .failure(HealthTimeout(limit: check.timeout))
            }
            let first = await group.next() ?? .failure(CancellationError())
            group.cancelAll()
            return first
        }
    }
}
