extension RunMachine {
    /// Starts the run by the start (0) or an entry (1 + its position).
    mutating func start(_ number: Int) -> Next {
        let rows = plan.rows
        for start in 0..<(rows.count - 1 - plan.nodeCount) {
            for index in Int(rows[plan.nodeCount + start])..<Int(rows[plan.nodeCount + start + 1]) {
                decide(index, taken: start == number)
            }
        }
        return settle()
    }

    /// The node ended and chose the case with this number.
    @inline(__always)
    mutating func completed(_ node: Int, choice: Int) -> Next {
        let row = plan.units[node]
        guard phase == .running, !isLogging else { return resolve(node) { $0 == choice } }
        if row.follower >= 0 {
            if !planted(.chainKeepsRoundOpen) { frames[Int(row.scope)].open -= 1 }
            cells[node].marks |= Mark.ended
            cells[Int(row.follower)].marks |= Mark.taken | Mark.started
            return .run(Int(row.follower))
        }
        if Int(row.again) == choice {
            if !planted(.shortRoundNotCounted) { frames[Int(row.scope)].iteration += 1 }
            return .run(node)
        }
        return resolve(node) { $0 == choice }
    }

    /// The node ended and chose any number of its cases.
    mutating func completed(_ node: Int, subset: [Int]) -> Next { resolve(node, subset.contains) }

    /// The node failed for good. Its failure case is taken if it has one; otherwise nothing new starts.
    /// A `final` failure ends the run in any case.
    mutating func failed(_ node: Int, isFinal: Bool = false) -> Next {
        let failureCase = Int(plan.units[node].failureCase)
        let both = planted(.failureTakenBesidesExit)
        if failureCase >= 0, !isFinal { return resolve(node) { $0 == failureCase || both && $0 == 0 } }
        stop(.failing)
        return resolve(node) { _ in false }
    }

    /// Whether this start of `node` lies beyond the iteration limit of its loop, so that it fails without running.
    @inline(__always)
    func exceedsLimit(_ node: Int) -> Bool {
        let scope = plan.scope(of: node)
        guard scope > 0, plan.headers[scope - 1] == Int32(node) || plan.headers[scope - 1] < 0 else { return false }
        let more: Int32 = planted(.limitOffByOne) ? 1 : 0
        return frames[scope].iteration >= plan.iterationLimits[scope - 1] + more
    }

    /// The node was cancelled: its exits are skipped.
    mutating func cancelled(_ node: Int) -> Next { resolve(node) { _ in false } }

    /// The node goes on working after its completion; its round does not end before ``restEnded(_:)``.
    mutating func restBegan(_ node: Int) {
        cells[node].marks |= Mark.resting
        active += 1
        frames[plan.scope(of: node)].open += 1
    }

    mutating func restEnded(_ node: Int) -> Next {
        cells[node].marks &= ~Mark.resting
        active -= 1
        close(plan.scope(of: node))
        return settle()
    }

    /// Nothing new starts from now on.
    mutating func stop(_ reason: Phase) {
        guard phase == .running || reason == .cancelling else { return }
        phase = reason
        active -= ready.count + held
        held = 0
        for node in ready { cells[node].marks &= ~Mark.started }
        ready.removeAll()
    }

    /// Whether the node has completed and works on.
    func isResting(_ node: Int) -> Bool { cells[node].marks & Mark.resting != 0 }

    /// What is next without a new input, after ``stop(_:)``.
    mutating func next() -> Next { settle() }

    /// Whether a region has cancelled this node, and what its exits do then.
    func cancellation(of node: Int) -> CancelOutcome? {
        if cells[node].marks & Mark.cancelled != 0 { return .cancelled }
        return cells[node].marks & Mark.completedEarly != 0 ? .completed : nil
    }
}
