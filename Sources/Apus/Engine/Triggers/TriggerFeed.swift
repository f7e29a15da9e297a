/// What a trigger tells one host: one firing at a time, the next when that one is settled.
final class TriggerFeed: Sendable {
    private struct State {
        var arrival: Arrival?
        var position: TriggerPosition?
        var failure: (any Error)?
        var isOver = false
        /// Whether the trigger itself has ended it.
        var hasEnded = false
    }

    private let bell: Doorbell
    private let isFree = Doorbell()
    private let state: Guarded<State>

    init(_ bell: Doorbell, position: TriggerPosition?) {
        self.bell = bell
        state = Guarded(State(position: position))
    }

    /// Takes in what a trigger tells, until that ends.
    func read(_ firings: Firings, _ environment: any Environment) async {
        do {
            for try await arrival in firings {
                state.withLock { $0.arrival = arrival }
                bell.ring()
                while !Task.isCancelled, state.withLock({ $0.arrival != nil && !$0.isOver }) {
                    await isFree.wait(.seconds(3_600), environment)
                }
                if state.withLock(\.isOver) { return }
            }
        } catch {
            state.withLock { $0.failure = error }
        }
        state.withLock { ($0.hasEnded, $0.isOver) = (!$0.isOver, true) }
        bell.ring()
    }

    /// What has not been decided yet.
    var arrival: Arrival? { state.withLock(\.arrival) }

    /// Whether what is told comes behind what is stored. A firing that is stored already is settled by that.
    func follows(_ stored: TriggerPosition?) -> Bool {
        let isTaken = state.withLock { state -> Bool? in
            if let position = state.arrival?.position, position == stored {
                (state.position, state.arrival) = (position, nil)
                return true
            }
            return state.position == stored ? false : nil
        }
        if isTaken == true { isFree.ring() }
        return isTaken != nil
    }

    /// The firing has been decided.
    func settle(_ outcome: FiringOutcome?) {
        let arrival = state.withLock { state -> Arrival? in
            defer { state.arrival = nil }
            if let position = state.arrival?.position { state.position = position }
            return state.arrival
        }
        if let outcome { arrival?.settle(outcome) }
        isFree.ring()
    }

    /// Whether nothing comes any more; throws if the trigger could not go on.
    func isOver() throws -> Bool {
        let (isOver, failure) = state.withLock { ($0.isOver && $0.arrival == nil, $0.failure) }
        if isOver, let failure { throw failure }
        return isOver
    }

    /// Whether the trigger has no more to tell for now.
    var hasEnded: Bool { state.withLock(\.hasEnded) }

    func close() {
        state.withLock { ($0.isOver, $0.arrival) = (true, nil) }
        isFree.ring()
    }
}
