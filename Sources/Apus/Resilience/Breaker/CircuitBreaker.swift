/// Stops calling what fails anyway: after too many failures calls are refused at once, and now and then some are let through to see whether
/// the other side has recovered.
///
/// ```swift
/// let crm = CircuitBreaker("crm", .rate(0.5, over: .seconds(60)))
/// let name = try await crm.run { "what the CRM says" }
/// print(name, crm.state)
/// ```
///
/// One breaker may stand before everything that depends on the same other side; ``Resilience`` finds it by name. A call costs two short locks
/// and allocates nothing. A call that is cancelled is neither a failure nor a success.
public final class CircuitBreaker: CallGuard {
    public let name: String
    private let policy: BreakerPolicy
    private let circuit: Guarded<Circuit>
    private let announcer = Announcer<BreakerChange>()
    private let changed: (@Sendable (BreakerChange) -> Void)?

    private struct Circuit {
        var machine: BreakerMachine
        var admitted = 0
        var refused = 0
        var failed = 0
    }

    /// `onChange` is called after each change of the state, by the call that caused it: it must be short. Two changes close together may be
    /// told out of order; their numbers say which was first.
    public init(
        _ name: String, _ policy: BreakerPolicy = BreakerPolicy(),
        onChange: (@Sendable (BreakerChange) -> Void)? = nil
    ) {
        self.name = name
        self.policy = policy
        changed = onChange
        circuit = Guarded(Circuit(machine: BreakerMachine(policy)))
    }

    /// A circuit whose time to be open is over stays `open` until a call comes.
    public var state: BreakerState { circuit.withLock { $0.machine.state } }

    /// The changes from now on.
    public var changes: AsyncStream<BreakerChange> { announcer.stream() }

    public var reading: GuardReading {
        circuit.withLock { circuit in
            var reading = GuardReading(.breaker, name)
            reading.state = circuit.machine.state
            (reading.admitted, reading.refused, reading.failed) = (circuit.admitted, circuit.refused, circuit.failed)
            return reading
        }
    }

    @discardableResult
    public func run<Value>(in environment: any Environment, _ body: () async throws -> Value) async throws -> Value {
        let permit = try admit(environment)
        do {
            let value = try await body()
            end(permit, .success, environment)
            return value
        } catch {
            let isFailure = !Task.isCancelled && policy.counts(error)
            end(permit, isFailure ? .failure : .nothing, environment)
            throw error
        }
    }

    /// Holds the circuit open: every call is refused until ``release(in:)``.
    public func forceOpen(in environment: any Environment = .live) { force(.forcedOpen, environment) }

    /// Holds the circuit closed: every call is let through and none counts until ``release(in:)``.
    public func forceClosed(in environment: any Environment = .live) { force(.forcedClosed, environment) }

    /// Lets the circuit go: it begins closed, as if new.
    public func release(in environment: any Environment = .live) { force(nil, environment) }

    private func admit(_ environment: any Environment) throws(ResilienceError) -> BreakerMachine.Permit {
        let (admission, change) = circuit.withLock { circuit in
            let before = (circuit.machine.era, circuit.machine.state)
            let admission = circuit.machine.admit(at: environment.now().uptime)
            if case .admitted = admission { circuit.admitted += 1 } else { circuit.refused += 1 }
            return (admission, circuit.machine.change(since: before))
        }
        if let change { tell(change, environment) }
        switch admission {
        case .admitted(let permit): return permit
        case .refused(let wait): throw ResilienceError(.circuitOpen, name, retryAfter: wait)
        }
    }

    private func end(
        _ permit: BreakerMachine.Permit, _ verdict: BreakerMachine.Verdict, _ environment: any Environment
    ) {
        let change = circuit.withLock { circuit in
            let before = (circuit.machine.era, circuit.machine.state)
            if verdict == .failure { circuit.failed += 1 }
            circuit.machine.end(permit, verdict, at: environment.now().uptime)
            return circuit.machine.change(since: before)
        }
        if let change { tell(change, environment) }
    }

    private func force(_ state: BreakerState?, _ environment: any Environment) {
        let change = circuit.withLock { circuit in
            let before = (circuit.machine.era, circuit.machine.state)
            circuit.machine.force(state)
            return circuit.machine.change(since: before)
        }
        if let change { tell(change, environment) }
    }

    private func tell(_ change: BreakerMachine.Change, _ environment: any Environment) {
        let told = BreakerChange(
            name: name, from: change.from, to: change.to, number: change.number, time: environment.now())
        changed?(told)
        announcer.announce(told)
    }
}

extension BreakerMachine {
    /// A change of its state, free of names and times.
    fileprivate struct Change: Sendable {
        let from: BreakerState
        let to: BreakerState
        let number: Int
    }

    /// What one input has changed, if anything.
    fileprivate func change(since before: (era: Int, state: BreakerState)) -> Change? {
        era == before.era ? nil : Change(from: before.state, to: state, number: era)
    }
}
