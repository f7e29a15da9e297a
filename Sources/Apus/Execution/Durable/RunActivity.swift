/// How much of a run is under way, so that a worker can let go of one that only waits, and why it let go.
///
/// Whoever works holds one count; before it lets go of its own, it has counted what follows. So the count is never zero while
/// something is about to begin.
final class RunActivity: Sendable {
    fileprivate struct State {
        var busy = 1
        var waiting = 0
        var parks = false
        /// When those who wait are to be woken.
        var deadlines: [Int: WallTime] = [:]
        var tickets = 0
        var reason: (any Error)?
        var isOvertaken = false
    }

    private let state = Guarded(State())
    private let signal = StopSignal()

    init() {}

    /// Lets the run be put away when nothing but waiting is left.
    func allowParking() { state.withLock { $0.parks = true } }

    func more(_ count: Int = 1) { state.withLock { $0.busy += count } }

    func less() {
        let suspended = state.withLock { state -> RunSuspended? in
            state.busy -= 1
            return state.mayPark ? RunSuspended(due: state.deadlines.values.min()) : nil
        }
        if let suspended { letGo(suspended) }
    }

    /// One that was under way waits for the outside.
    func waitBegan() {
        state.withLock { $0.waiting += 1 }
        less()
    }

    /// What it waited for is there.
    func waitEnded() {
        state.withLock { state in
            state.busy += 1
            state.waiting -= 1
        }
    }

    /// Notes that somebody got what it waited for, maybe while the run was being put away.
    func waitSucceeded() {
        state.withLock { state in
            if state.reason is RunSuspended { state.isOvertaken = true }
        }
    }

    /// Whether there is something to do after all for a run that is being put away.
    var isOvertaken: Bool { state.withLock { $0.isOvertaken } }

    /// Notes that a wait ends at `deadline` by itself; returns a ticket to take the note back.
    func expect(_ deadline: WallTime) -> Int {
        state.withLock { state in
            state.tickets += 1
            state.deadlines[state.tickets] = deadline
            return state.tickets
        }
    }

    func forget(_ ticket: Int) { state.withLock { _ = $0.deadlines.removeValue(forKey: ticket) } }

    /// Why the worker lets go of the run.
    var reason: (any Error)? { state.withLock { $0.reason } }

    /// Stops the run in this process; its journal stays as it is. The first reason counts.
    func letGo(_ reason: any Error) {
        state.withLock { state in
            if state.reason == nil { state.reason = reason }
        }
        signal.fire(.cancelled)
    }

    /// The same from inside of the run: returns when the calling task is cancelled because of it, so that nobody takes the end of
    /// its work for a failure.
    func leave(_ reason: any Error) async {
        letGo(reason)
        _ = await StopSignal().wait()
    }

    /// Returns when the worker lets go, or when the task is cancelled.
    func wait() async { _ = await signal.wait() }
}

extension RunActivity.State {
    fileprivate var mayPark: Bool { parks && busy == 0 && waiting > 0 && reason == nil }
}

/// The run only waits: it was stored and put away.
struct RunSuspended: Error {
    /// When the first wait ends by itself.
    var due: WallTime?
}
