extension RunMachine {
    /// Whether the node must wait for a milestone, or was cancelled before it could start.
    mutating func hold(_ node: Int) -> Bool {
        if cells[node].marks & Mark.cancelled != 0 {
            worklist.append(node)
            return true
        }
        guard cells[node].holds > 0 else { return false }
        cells[node].marks |= Mark.waiting
        active += 1
        held += 1
        if isLogging { log.append(.held(node)) }
        return true
    }

    private mutating func release(_ node: Int) {
        cells[node].holds -= 1
        guard cells[node].holds == 0, cells[node].marks & Mark.waiting != 0, phase == .running else { return }
        cells[node].marks &= ~Mark.waiting
        active -= 1
        held -= 1
        present(node, wasHeld: true)
    }

    /// A held node will not run after all.
    private mutating func unhold(_ node: Int) {
        cells[node].marks &= ~Mark.waiting
        active -= 1
        held -= 1
        if isLogging { log.append(.dropped(node)) }
        worklist.append(node)
    }

    /// `node`, which stands in a milestone, has its turn and its place and runs: what had to wait for that may go on.
    mutating func began(_ node: Int) -> Next {
        guard cells[node].marks & Mark.begun == 0 else { return settle() }
        cells[node].marks |= Mark.begun
        for milestone in plan.constraints.milestones where milestone.node == node { release(milestone.before) }
        return settle()
    }

    /// `node` was decided: milestones are reached or can no longer be, and regions are cancelled.
    mutating func passTime(_ node: Int, skipped: Bool) {
        let hasBegun = cells[node].marks & Mark.begun != 0
        for milestone in plan.constraints.milestones {
            if milestone.after == node { reach(milestone.node, skipped: skipped) }
            if milestone.node == node, !hasBegun { release(milestone.before) }
        }
        guard !skipped else { return }
        for region in plan.constraints.regions where region.trigger == node {
            for member in region.members { cancel(member, region.outcome) }
        }
    }

    /// A milestone that is never reached lets its node never start.
    private mutating func reach(_ node: Int, skipped: Bool) {
        if !skipped { return release(node) }
        cells[node].marks |= Mark.cancelled
        if cells[node].marks & Mark.waiting != 0 { unhold(node) }
    }

    private mutating func cancel(_ node: Int, _ outcome: CancelOutcome) {
        let marks = cells[node].marks
        guard marks & Mark.ended == 0 || marks & Mark.resting != 0 else { return }
        cells[node].marks |= outcome == .cancelled ? Mark.cancelled : Mark.completedEarly
        if marks & Mark.resting != 0 { return toCancel.append(node) }
        // What is to complete early does so when it starts.
        if outcome == .completed, marks & Mark.started == 0 || ready.contains(node) { return }
        if let position = ready.firstIndex(of: node) {
            ready.remove(at: position)
            active -= 1
            if isLogging { log.append(.dropped(node)) }
            worklist.append(node)
        } else if marks & Mark.started != 0 {
            toCancel.append(node)
        } else if marks & Mark.waiting != 0 {
            unhold(node)
        }
    }
}
