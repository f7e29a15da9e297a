/// A node that is ready, with what it needs to run.
struct Ready: Sendable {
    var node: Int
    var state: StateBox
    var iteration: Int
    var extras: ActivationExtras?
}

/// What an activation came to, and the state it left.
struct Performed: Sendable {
    var outcome: ActivationOutcome
    var state: StateBox
}

/// How a stretch with one open branch ended.
enum Ending: Sendable {
    case finished
    case failed(any Error)
    /// Several branches are open, or one that works on behind its change.
    case opened
}

extension GraphDriver {
    /// How a branch goes on after an activation.
    enum Continuation {
        case with(Ready)
        case stop
        /// It is the only one left; the machine is this task's again.
        case alone(Int, StateBox)
    }

    /// What the owner of the group does next.
    enum Order: Sendable {
        case start([Ready])
        case cancelAll
        case end
    }

    /// A failure after which the graph goes on, with the rounds it happened in.
    struct LedOnFailure: Sendable {
        var rounds: [Int]
        var failure: NodeFailure
    }

    /// What the branches share while several are open.
    struct Shared: ~Copyable {
        var machine: RunMachine?
        var book: ChangeBook?
        var orders: [Order] = []
        /// Branches that have no task yet, the first one last.
        var waiting: [Ready] = []
        var owner: CheckedContinuation<Order, Never>?
        var result: Result<StateBox, any Error>?
        var failure: (any Error)?
        /// Changes that do not go together fail the run, also one that has reached `finish`.
        var conflict: RunError?
        /// The failures that lead on, by the node that failed.
        var failures: [Int: LedOnFailure] = [:]
        var stops: [Int: StopSignal] = [:]
        var isStopped = false

        mutating func takeOrder() -> Order? {
            if !orders.isEmpty { return orders.removeFirst() }
            return result != nil ? .end : nil
        }

        /// The first branches that wait for a task, at most so many.
        mutating func takeWaiting(_ count: Int) -> ArraySlice<Ready> {
            defer { waiting.removeLast(min(count, waiting.count)) }
            return ArraySlice(waiting.suffix(count).reversed())
        }

        /// The first branch that waits for a task, unless nothing new starts.
        mutating func takeOver() -> Ready? { machine?.phase == .running ? waiting.popLast() : nil }

        /// The owner, if it waits and there is something for it to do.
        mutating func takeWake() -> Wake? {
            guard let owner, let order = takeOrder() else { return nil }
            self.owner = nil
            return Wake(owner: owner, order: order)
        }
    }

    /// The owner with what it is to do, to be resumed outside the lock.
    struct Wake {
        let owner: CheckedContinuation<Order, Never>
        let order: Order

        func perform() { owner.resume(returning: order) }
    }
}
