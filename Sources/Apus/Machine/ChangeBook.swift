/// What each activation of a run sees, and what the run results in, while branches are open side by side (Law 3).
///
/// A change is kept apart only while an undecided unit could see it without the others; as soon as one unit of a scope
/// is alone, what came before it is folded into the state of the scope.
struct ChangeBook {
    /// A node that became ready, with the state it sees.
    struct View {
        var node: Int
        var state: StateBox
    }

    /// One round of a loop, or the whole graph.
    struct Frame {
        /// What the round began with, and all folded changes.
        var base: StateBox
        /// Whether somebody outside needs the change of this scope.
        var reports: Bool
        var total: StateChange?
        var kept = KeptChanges()
        var ledger = WriteLedger()
        /// What the ledger around this loop knows of it.
        var claims = WriteClaims()
        var active = 0
    }

    let plan: GraphPlan
    let kit: any StateKit
    private let planted = Planted()
    private var frames: [Frame?]
    /// The outermost scope in which branches are open; those around it live in its state.
    private var root: Int
    private var ancestry: Ancestry

    /// A book for branches that open in `scope`, all of which see `state`.
    init(_ plan: GraphPlan, _ kit: any StateKit, scope: Int, state: StateBox) {
        self.plan = plan
        self.kit = kit
        frames = Array(repeating: nil, count: plan.loopCount + 1)
        frames[scope] = Frame(base: state, reports: false)
        root = scope
        ancestry = Ancestry(plan)
    }

    /// Follows the structure after an event; returns the nodes that became ready, each with the state it sees.
    ///
    /// `last` is the unit that ended and `state` what it left, `isAlone` whether only one node is open now.
    mutating func follow(
        _ transitions: [RunMachine.Transition], last: Int, _ state: StateBox?, isAlone: Bool
    ) throws(StateError) -> [View] {
        var last = last
        var state = state
        var ready: [View] = []
        for transition in transitions {
            switch transition {
            case .ready(let node):
                self[plan.scope(of: node)].active += 1
                ready.append(View(node: node, state: try view(of: node, last, state, isAlone: isAlone)))
            case .held(let node):
                self[plan.scope(of: node)].active += 1
            case .released(let node):
                ready.append(View(node: node, state: try view(of: node, -1, state, isAlone: isAlone)))
            case .dropped(let node):
                self[plan.scope(of: node)].active -= 1
                ready.removeAll { $0.node == node }
            case .loopStarted(let loop):
                let unit = plan.nodeCount + loop
                self[plan.scope(of: unit)].active += 1
                frames[loop + 1] = Frame(base: try view(of: unit, last, state, isAlone: isAlone), reports: true)
            case .iterationEnded(let loop):
                try self[loop + 1].foldAll(kit)
                self[loop + 1].ledger.removeAll()
            case .loopEnded(let loop):
                last = plan.nodeCount + loop
                state = try endLoop(loop)
            case .skipped:
                break
            }
        }
        return ready
    }

    /// The state of a run that has only `node` ahead of it, if nothing is kept apart any more.
    func exclusive(_ node: Int) -> StateBox? {
        let home = plan.scope(of: node)
        var scope = home
        while frames[scope] != nil {
            let isBare = self[scope].kept.isEmpty || planted(.changesForgottenAlone)
            guard isBare, self[scope].active == 1 else { return nil }
            if scope == root { return self[home].base }
            scope = plan.scope(of: plan.nodeCount + scope - 1)
        }
        return nil
    }

    /// The scopes in which something is open.
    var scopes: [Int] { frames.indices.filter { frames[$0] != nil } }

    /// The scope around one in which something is open; -1 around the outermost.
    func outer(of scope: Int) -> Int { scope == root ? -1 : plan.scope(of: plan.nodeCount + scope - 1) }

    /// Whether nothing is kept apart in a scope, and nothing is open in it but the loop around the innermost one.
    func isBare(_ scope: Int, isInnermost: Bool) -> Bool {
        self[scope].kept.isEmpty && (isInnermost || self[scope].active == 1)
    }

    /// Lets a change that no unit made follow all others of a scope.
    mutating func append(_ change: StateChange, in scope: Int) throws(StateError) -> StateBox {
        self[scope].base = try kit.applying([change], to: self[scope].base)
        try self[scope].report(change)
        return self[scope].base
    }

    /// The result: all changes in graph order, those of loops that did not end included.
    mutating func result() throws(StateError) -> StateBox {
        for scope in frames.indices.reversed() where scope != root && frames[scope] != nil {
            try self[scope].foldAll(kit)
            let unit = plan.nodeCount + scope - 1
            if let change = self[scope].total {
                let entry = KeptChanges.Entry(last: unit, place: plan.units[unit].place, change: change)
                try self[plan.scope(of: unit)].kept.add(entry, chainedTo: -1)
            }
            frames[scope] = nil
        }
        try self[root].foldAll(kit)
        return self[root].base
    }
}

extension ChangeBook {
    /// The round that is open in a scope. Every scope in which something runs has one.
    private subscript(scope: Int) -> Frame {
        _read { yield frames[scope]! }
        _modify { yield &frames[scope]! }
    }

    /// A unit ended with a change.
    mutating func end(_ unit: Int, _ change: StateChange?, after state: StateBox) throws(StateError) {
        let scope = plan.scope(of: unit)
        if planted(.roundLeavesSideBranch), frames[scope] == nil { return }
        let isAlone = self[scope].active == 1 && self[scope].kept.isEmpty
        self[scope].active -= 1
        guard let change else { return }
        if !isAlone { try refuseConflict(unit, unit, change.writes, scope) }
        if unit < plan.nodeCount { try refuseConflicts(around: unit, change.writes) }
        if isAlone {
            self[scope].base = state
            try self[scope].report(change)
            return
        }
        let row = plan.units[unit]
        let entry = KeptChanges.Entry(last: unit, place: row.place, change: change)
        try self[scope].kept.add(entry, chainedTo: Int(row.chainedTo))
    }

    /// To what runs beside a loop, the loop has written what a node in it wrote.
    private mutating func refuseConflicts(around node: Int, _ writes: [FieldWrite]) throws(StateError) {
        var writes = writes
        var scope = plan.scope(of: node)
        while scope != root, !writes.isEmpty {
            let loop = plan.nodeCount + scope - 1
            let outer = plan.scope(of: loop)
            // All that comes after a loop that is alone comes after it for good.
            if self[outer].active > 1 || !self[outer].kept.isEmpty {
                writes = self[scope].claims.add(writes)
                try refuseConflict(loop, node, writes, outer)
            }
            scope = outer
        }
    }

    /// Records what a unit wrote, by a node that is the unit or stands in it.
    private mutating func refuseConflict(
        _ unit: Int, _ node: Int, _ writes: [FieldWrite], _ scope: Int
    ) throws(StateError) {
        var ledger = WriteLedger()
        swap(&ledger, &self[scope].ledger)
        let found = ledger.record(unit: unit, by: node, writes: writes) { ancestry.isAfter($0, $1) }
        swap(&ledger, &self[scope].ledger)
        if let found, !planted(.conflictMissed) {
            throw kit.conflict(field: found.field, key: found.key, between: name(found.other), and: name(node))
        }
    }

    private func name(_ unit: Int) -> String {
        if unit < plan.nodeCount { return plan.names[unit] }
        let header = plan.headers[unit - plan.nodeCount]
        return header >= 0 ? plan.names[Int(header)] : "a cycle"
    }

    /// What a unit that becomes ready sees.
    private mutating func view(
        of unit: Int, _ last: Int, _ state: StateBox?, isAlone: Bool
    ) throws(StateError) -> StateBox {
        let scope = plan.scope(of: unit)
        if isAlone, self[scope].active == 1 { try fold(scope, before: unit) }
        if self[scope].kept.isEmpty { return self[scope].base }
        if let state, plan.units[unit].incoming == 1, plan.predecessors[unit].first == Int32(last) { return state }
        let kept = self[scope].kept.ordered()
        ancestry.mark(before: unit, floor: kept[0].place)
        let seen = kept.filter { ancestry.follows($0.last) || planted(.siblingSeen) }
        return seen.isEmpty ? self[scope].base : try kit.applying(seen.map(\.change), to: self[scope].base)
    }

    /// Folds what `unit` sees into the state of its scope, as far as nothing it does not see comes first.
    private mutating func fold(_ scope: Int, before unit: Int) throws(StateError) {
        let kept = self[scope].kept.ordered()
        guard let first = kept.first else { return }
        ancestry.mark(before: unit, floor: first.place)
        try self[scope].fold(kept.prefix { ancestry.follows($0.last) }, kit)
    }

    private mutating func endLoop(_ loop: Int) throws(StateError) -> StateBox {
        var frame: Frame?
        swap(&frame, &frames[loop + 1])
        guard let frame else { preconditionFailure("the loop \(loop) has no state") }
        let unit = plan.nodeCount + loop
        if root == loop + 1 {
            root = plan.scope(of: unit)
            frames[root] = Frame(base: frame.base, reports: false)
        } else {
            try end(unit, frame.total, after: frame.base)
        }
        return frame.base
    }
}

extension ChangeBook.Frame {
    /// Hands a change on to those outside who need it.
    fileprivate mutating func report(_ change: StateChange) throws(StateError) {
        guard reports else { return }
        if total == nil { total = change } else { try total?.combine(with: change) }
    }

    fileprivate mutating func foldAll(_ kit: any StateKit) throws(StateError) { try fold(kept.ordered()[...], kit) }

    /// Folds the first of the changes kept into the state.
    fileprivate mutating func fold(_ first: ArraySlice<KeptChanges.Entry>, _ kit: any StateKit) throws(StateError) {
        guard !first.isEmpty else { return }
        base = try kit.applying(first.map(\.change), to: base)
        for entry in first { try report(entry.change) }
        kept.removeFirst(first.count)
        if kept.isEmpty { ledger.removeAll() }
    }
}
