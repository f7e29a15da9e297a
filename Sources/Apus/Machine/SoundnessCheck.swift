extension Graph {
    /// Tries the choices that runs of this graph can make, and reports waits for ever and nodes that never run.
    ///
    /// Every case of every route can be chosen, every node with an `onFailure` can fail, and cancellations and turns come in any
    /// order; what the nodes' code would really do is not looked at. Loops go back twice. `limit` bounds the steps that are
    /// tried: cost and memory grow with it and with the size of the graph. A graph without milestones, regions, channels
    /// and turns within turns costs one look at its edges.
    public func soundness(limit: Int = SoundnessReport.limit) -> SoundnessReport {
        var check = SoundnessCheck(limit: limit)
        check.run(self)
        return check.report
    }
}

/// Looks at a graph, and at the graphs inside it one by one.
struct SoundnessCheck {
    private let limit: Int
    private var explored = 0
    private var isComplete = true
    private var findings: [SoundnessFinding] = []
    private var done: Set<ObjectIdentifier> = []

    init(limit: Int) { self.limit = limit }

    /// Shortest trace first; what never runs last.
    var report: SoundnessReport {
        let waits = findings.enumerated().filter { $0.element.code != .neverRuns }
            .sorted { ($0.element.trace.count, $0.offset) < ($1.element.trace.count, $1.offset) }.map(\.element)
        let never = findings.filter { $0.code == .neverRuns }
        return SoundnessReport(findings: waits + never, explored: explored, isComplete: isComplete)
    }

    mutating func run<State: GraphState>(_ graph: Graph<State>) {
        var descent = SoundnessDescent()
        guard let facts = descent.enter(graph) else { return }
        if descent.wasCut { isComplete = false }
        _ = look(at: facts, prefix: "", isTimed: false)
    }

    /// Whether a finding is new.
    private mutating func add(_ finding: SoundnessFinding) {
        if !findings.contains(where: { $0.isSame(as: finding) }) { findings.append(finding) }
    }

    private mutating func look(at facts: SoundnessFacts, prefix: String, isTimed: Bool) -> Bool {
        guard done.insert(ObjectIdentifier(facts.plan)).inserted else { return false }
        let before = findings.count
        let circular = SoundnessKeys(facts).circular
        let search = search(facts, circular, goals: [], prefix)
        // Under a timeout a wait is not for ever, unless the machine itself sees that it is.
        for finding in search.findings where !isTimed || finding.code == .waitsForMilestone { add(finding) }
        let isReached = reached(facts, circular, search, prefix)
        if search.isComplete { addUnreached(facts, isReached, circular, search, prefix) }
        for node in facts.nodes.indices where isReached[node] {
            guard let inner = facts.nodes[node].inner.first else { continue }
            let isTimed = isTimed || facts.nodes[node].hasTimeout
            let first = findings.count
            let name = prefix + facts.plan.names[node]
            guard look(at: inner, prefix: name + "/", isTimed: isTimed) else { continue }
            let way = self.way(to: node, facts, circular, search, prefix)
            for index in first..<findings.count {
                let isNear = findings[index].code != .neverRuns || !findings[index].trace.isEmpty
                if isNear { findings[index].trace = way + findings[index].trace }
            }
        }
        return findings.count > before
    }

    /// Which nodes run in some run. Where a run can wait for ever, a branch that nothing else waits for may still wait itself:
    /// such joins are looked at once more.
    private mutating func reached(
        _ facts: SoundnessFacts, _ circular: Set<String>, _ search: SoundnessSearch, _ prefix: String
    ) -> [Bool] {
        let joins = search.reach.doubtfulJoins
        guard search.isComplete, !search.findings.isEmpty, !joins.isEmpty else { return search.reach.isReached() }
        let again = self.search(facts, circular, goals: joins, prefix)
        return again.isComplete ? again.reach.isReached() : search.reach.isReached()
    }

    private mutating func search(
        _ facts: SoundnessFacts, _ circular: Set<String>, goals: [Int], _ prefix: String
    ) -> SoundnessSearch {
        let model = SoundnessModel(facts, circular: circular, goals: goals)
        var search = SoundnessSearch(model, SoundnessNames(prefix: prefix), limit: limit - explored)
        search.run()
        explored += search.explored
        isComplete = isComplete && search.isComplete
        return search
    }

    /// The fewest steps to the start of a node.
    private mutating func way(
        to node: Int, _ facts: SoundnessFacts, _ circular: Set<String>, _ search: SoundnessSearch, _ prefix: String
    ) -> [SoundnessStep] {
        if let point = search.reach.starts[node] { return search.trace(point.record) }
        let search = self.search(facts, circular, goals: [node], prefix)
        return search.reach.starts[node].map { search.trace($0.record) } ?? []
    }
}

// MARK: What never runs

extension SoundnessCheck {
    private mutating func addUnreached(
        _ facts: SoundnessFacts, _ isReached: [Bool], _ circular: Set<String>, _ search: SoundnessSearch,
        _ prefix: String
    ) {
        let plan = facts.plan
        for node in 0..<plan.nodeCount where !isReached[node] {
            var search = search
            if !search.model.matters[node] { search = self.search(facts, circular, goals: [node], prefix) }
            let miss = search.reach.misses[node]
            let reasons = SoundnessReasons(facts.plan, isReached)
            guard let reason = reasons.reason(for: node, miss?.kind) else { continue }
            let names = SoundnessNames(prefix: prefix)
            let nodes = ([node] + reason.others).map { names.name([$0], search.model) }
            add(
                SoundnessFinding(
                    .neverRuns, nodes: nodes, trace: miss.map { search.trace($0.point.record) } ?? [],
                    reason: "No choice ever runs \"\(nodes[0])\": \(reason.text).", mend: reason.mend))
        }
    }
}
