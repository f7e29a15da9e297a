extension RunMachine {
    /// Decides all edges of a node that ended.
    mutating func resolve(_ node: Int, _ isChosen: (Int) -> Bool) -> Next {
        let row = plan.units[node]
        active -= 1
        cells[node].marks |= Mark.ended
        if row.ends, plan.finishing.contains(where: { $0.node == node && isChosen($0.number) }) { stop(.finishing) }
        guard phase == .running else { return settle() }
        if row.isConstrained { passTime(node, skipped: false) }
        let end = Int(plan.rows[node + 1])
        var index = Int(plan.rows[node])
        while index < end {
            let taken = isChosen(Int(plan.edges[index].number))
            decide(index, taken: taken)
            index += 1
            if decidesApart(node), index == plan.rows[node] + 1 { endRounds(after: Int(row.scope)) }
        }
        drain()
        if !isClosedEarly(node) { close(Int(row.scope)) }
        return settle()
    }

    @inline(__always)
    mutating func decide(_ index: Int, taken: Bool) {
        let edge = plan.edges[index]
        switch edge.kind {
        case .direct: arrive(at: Int(edge.unit), by: edge, taken: taken)
        case .leaving: if taken { chosen[index] = true }
        case .back: if taken { frames[Int(edge.loop) + 1].again = true }
        case .walk: if taken { walk(to: Int(edge.target)) }
        }
    }

    @inline(__always)
    private mutating func arrive(at unit: Int, by edge: GraphPlan.Edge, taken: Bool) {
        cells[unit].pending -= 1
        if taken {
            cells[unit].marks |= Mark.taken
            if unit >= plan.nodeCount { frames[unit - plan.nodeCount + 1].iteration = edge.target }
        }
        if planted(.joinFiresEarly), taken, cells[unit].pending > 0 { cells[unit].pending = 0 }
        if cells[unit].pending == 0 {
            if planted(.joinStartsTwice), taken, plan.units[unit].scope == 0, unit < plan.nodeCount { present(unit) }
            if cells[unit].marks & Mark.taken != 0 { begin(unit) } else { worklist.append(unit) }
        }
    }

    /// Starts a unit whose edges are all decided and one of them taken.
    mutating func begin(_ unit: Int) {
        if unit < plan.nodeCount {
            if plan.units[unit].isConstrained, hold(unit) { return }
            present(unit)
        } else {
            let loop = unit - plan.nodeCount
            let header = plan.headers[loop]
            let entered = header >= 0 ? Int(header) : Int(frames[loop + 1].iteration)
            frames[loop + 1].iteration = 0
            if isLogging { log.append(.loopStarted(loop)) }
            beginRound(loop, at: entered)
        }
    }

    mutating func present(_ node: Int, wasHeld: Bool = false) {
        guard phase == .running else { return }
        cells[node].marks |= Mark.started
        active += 1
        if isLogging { log.append(wasHeld ? .released(node) : .ready(node)) }
        ready.append(node)
        if isLeftBehind(node) { close(plan.scope(of: node)) }
    }

    private mutating func beginRound(_ loop: Int, at entered: Int) {
        let isFirst = frames[loop + 1].iteration == 0
        frames[loop + 1].again = false
        if plan.headers[loop] < 0 {
            frames[loop + 1].open = 1
            cells[entered].marks = Mark.taken
            present(entered)
            return
        }
        let members = plan.members[loop + 1]
        frames[loop + 1].open = Int32(members.count)
        for member in members {
            let row = plan.units[Int(member)]
            let kept = isFirst ? cells[Int(member)].marks & (Mark.cancelled | Mark.completedEarly) : 0
            let stale: Int32 = planted(.edgeNotReset) && !isFirst && row.incoming > 1 ? 1 : 0
            cells[Int(member)] = Cell(pending: row.incoming - stale, holds: row.holds, marks: kept)
            if !isFirst, Int(member) >= plan.nodeCount, plan.isConstrained { forgetCancelled(in: Int(member)) }
        }
        begin(entered)
    }

    /// A new round around a loop: what was cancelled inside it in the last one runs again.
    private func forgetCancelled(in loop: Int) {
        for node in plan.nodes(in: loop) { cells[node].marks &= ~(Mark.cancelled | Mark.completedEarly) }
    }

    /// One step inside a region: the round goes on at another node.
    private mutating func walk(to node: Int) {
        let scope = plan.scope(of: node)
        frames[scope].open += 1
        frames[scope].iteration += 1
        cells[node].marks = Mark.taken
        present(node)
    }

    /// Skips the units no branch came to, and what follows from that.
    mutating func drain() {
        while let unit = worklist.popLast() {
            if isLogging { log.append(.skipped(unit: unit, rounds: iterations(around: unit))) }
            cells[unit].marks |= Mark.ended | Mark.skipped
            if unit < plan.nodeCount {
                if plan.units[unit].isConstrained { passTime(unit, skipped: true) }
                for index in Int(plan.rows[unit])..<Int(plan.rows[unit + 1]) where plan.edges[index].kind == .direct {
                    if !planted(.skipLost) { decide(index, taken: false) }
                }
            } else {
                for index in plan.leaving[unit - plan.nodeCount] { leave(Int(index)) }
            }
            close(plan.scope(of: unit))
        }
    }

    private mutating func leave(_ index: Int) {
        let taken = chosen[index]
        chosen[index] = false
        arrive(at: Int(plan.edges[index].unit), by: plan.edges[index], taken: taken)
    }

    @inline(__always)
    mutating func close(_ scope: Int) {
        frames[scope].open -= 1
        if frames[scope].open == 0, scope > 0 { closing.append(scope) }
    }

    /// Ends a unit of a scope, and with it the rounds that wait for nothing else.
    private mutating func endRounds(after scope: Int) {
        drain()
        close(scope)
        endRounds()
    }

    @inline(__always)
    private mutating func endRounds() {
        drain()
        while let scope = closing.popLast() {
            endRound(scope - 1)
            drain()
        }
    }

    mutating func settle() -> Next {
        endRounds()
        if phase != .running { return active == 0 ? .finished : .wait }
        switch ready.count {
        case 1 where held == 0:
            return .run(ready.removeLast())
        case 0:
            if active > held { return .wait }
            return frames[0].open == 0 ? .finished : .stuck
        default:
            return .several
        }
    }

    private mutating func endRound(_ loop: Int) {
        if isLogging { log.append(.iterationEnded(loop)) }
        if frames[loop + 1].again {
            guard phase == .running else { return }
            frames[loop + 1].iteration += 1
            if planted(.leavingEdgeEachRound) { for index in plan.leaving[loop] { leave(Int(index)) } }
            beginRound(loop, at: Int(plan.headers[loop]))
            return
        }
        if isLogging { log.append(.loopEnded(loop)) }
        let unit = plan.nodeCount + loop
        cells[unit].marks |= Mark.ended
        for index in plan.leaving[loop] { leave(Int(index)) }
        drain()
        close(plan.scope(of: unit))
    }
}
