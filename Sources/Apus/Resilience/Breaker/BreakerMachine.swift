/// Every decision of a circuit breaker, as a plain value. Times are readings of the monotonic clock, and are asked for where they matter.
package struct BreakerMachine: Sendable {
    /// Lets one call through; it has to be ended once.
    package struct Permit: Sendable, Hashable {
        /// The state that admitted it: a call that ends in a later one says nothing about that.
        let era: Int
    }

    package enum Admission: Sendable, Equatable {
        case admitted(Permit)
        case refused(retryAfter: Duration?)
    }

    /// What a call says about what is behind the circuit.
    package enum Verdict: Sendable { case success, failure, nothing }

    private enum Phase: Sendable {
        case closed
        case open(until: Duration)
        /// So many probes are under way, and so many have succeeded.
        case halfOpen(underWay: Int, succeeded: Int)
    }

    private let policy: BreakerPolicy
    private let planted = Planted()
    private let allowed: Int
    private var phase = Phase.closed
    private var forced: BreakerState?
    private var failuresInARow = 0
    private var window: FailureWindow?
    /// How often it opened since it was closed.
    private var openings = 0
    /// Counts the changes of its state.
    package private(set) var era = 0

    package init(_ policy: BreakerPolicy) {
        self.policy = policy
        switch policy.trip {
        case .consecutive(let count):
            precondition(count > 0 && policy.probes > 0, "a circuit needs 1 or more failures and probes")
            allowed = count
        case .rate(_, let length, let minimum):
            precondition(
                length >= .nanoseconds(10) && minimum > 0 && policy.probes > 0, "a circuit needs a window and probes")
            allowed = .max
            window = FailureWindow(length)
        }
    }

    package var state: BreakerState {
        if let forced { return forced }
        switch phase {
        case .closed: return .closed
        case .open: return .open
        case .halfOpen: return .halfOpen
        }
    }

    package mutating func admit(at now: @autoclosure () -> Duration) -> Admission {
        if let forced {
            return forced == .forcedClosed ? .admitted(Permit(era: era)) : .refused(retryAfter: nil)
        }
        switch phase {
        case .closed: return .admitted(Permit(era: era))
        case .open(let until):
            let now = now()
            if now < until || planted(.breakerNeverHalfOpens) { return .refused(retryAfter: max(.zero, until - now)) }
            enter(.halfOpen(underWay: 1, succeeded: 0))
            return .admitted(Permit(era: era))
        case .halfOpen(let underWay, let succeeded):
            let taken = planted(.breakerFloodsHalfOpen) ? succeeded : underWay + succeeded
            guard taken < policy.probes else { return .refused(retryAfter: nil) }
            phase = .halfOpen(underWay: underWay + 1, succeeded: succeeded)
            return .admitted(Permit(era: era))
        }
    }

    package mutating func end(_ permit: Permit, _ verdict: Verdict, at now: @autoclosure () -> Duration) {
        guard permit.era == era || planted(.breakerTakesLateResults), forced == nil else { return }
        switch phase {
        case .closed: endClosed(verdict, now)
        case .open: break
        case .halfOpen(let underWay, let succeeded): endProbe(verdict, underWay - 1, succeeded, now)
        }
    }

    /// Holds the circuit open or closed, whatever happens, until it is let go with `nil`; then it begins closed, as if new.
    package mutating func force(_ state: BreakerState?) {
        guard state != forced else { return }
        openings = 0
        forget()
        forced = state
        enter(.closed)
    }

    private mutating func endClosed(_ verdict: Verdict, _ now: () -> Duration) {
        switch verdict {
        case .nothing: return
        case .success: failuresInARow = 0
        case .failure: failuresInARow += 1
        }
        if case .rate(let share, _, let minimum) = policy.trip {
            window?.add(isFailure: verdict == .failure, at: now())
            guard let window, window.calls >= minimum else { return }
            if Double(window.failures) >= share * Double(window.calls), window.failures > 0 { open(now()) }
        } else if failuresInARow >= allowed {
            open(now())
        }
    }

    private mutating func endProbe(_ verdict: Verdict, _ underWay: Int, _ succeeded: Int, _ now: () -> Duration) {
        switch verdict {
        case .failure: open(now())
        case .success where succeeded + 1 == policy.probes:
            openings = 0
            enter(.closed)
        case .success: phase = .halfOpen(underWay: underWay, succeeded: succeeded + 1)
        case .nothing where planted(.breakerLosesProbe): break
        case .nothing: phase = .halfOpen(underWay: underWay, succeeded: succeeded)
        }
    }

    private mutating func open(_ now: Duration) {
        openings += 1
        enter(.open(until: now + policy.openTime(openings)))
    }

    private mutating func enter(_ phase: Phase) {
        self.phase = phase
        era += 1
        forget()
    }

    private mutating func forget() {
        failuresInARow = 0
        window?.clear()
    }
}
