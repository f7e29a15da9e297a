/// What one activation of a durable run has done to the outside, and what it waits for.
final class Ledger: ActivationLedger {
    fileprivate struct State {
        var names: Set<String> = []
        var sleeps = 0
        var signals: [String: Int] = [:]
        var waits = 0
        var effects = 0
    }

    private let state = Guarded(State())
    private let activity: RunActivity

    init(_ activity: RunActivity) { self.activity = activity }

    func beginAttempt() {
        state.withLock { state in
            state.names = []
            state.sleeps = 0
            state.signals = [:]
        }
    }

    /// Whether the name of an effect or a question is new in this attempt.
    func use(_ name: String) -> Bool { state.withLock { $0.names.insert(name).inserted } }

    func nextSleep() -> Int {
        state.withLock { state in
            state.sleeps += 1
            return state.sleeps
        }
    }

    func nextSignal(_ name: String) -> Int {
        state.withLock { state in
            state.signals[name, default: 0] += 1
            return state.signals[name, default: 0]
        }
    }

    /// Something the activation did not have to wait for is under way, so that it does not count as waiting.
    func effectBegan() { change { $0.effects += 1 } }
    func effectEnded() { change { $0.effects -= 1 } }
    func waitBegan() { change { $0.waits += 1 } }
    func waitEnded() { change { $0.waits -= 1 } }

    private func change(_ step: (inout State) -> Void) {
        let (before, after) = state.withLock { state in
            let before = state.isIdle
            step(&state)
            return (before, state.isIdle)
        }
        if before == after { return }
        if after { activity.waitBegan() } else { activity.waitEnded() }
    }
}

extension Ledger.State {
    fileprivate var isIdle: Bool { waits > 0 && effects == 0 }
}

extension GraphDriver {
    /// A fresh one for a node that may act on the outside; composites leave that to their bodies.
    func ledger(of node: Int) -> Ledger? {
        guard core.journal != nil, facts.kinds[node] == .node else { return nil }
        return Ledger(core.activity)
    }
}
