extension GraphBuilder {
    /// What becomes of running siblings when a node fails the run. By default they finish and their changes are kept.
    public mutating func onFirstFailure(_ policy: SiblingPolicy) {
        draft.read { $0.siblings = policy }
    }

    /// Lets `node` start only between the end of `after` and the start of `before`, which waits for it. If `after` is skipped,
    /// so is `node`. It orders time, not state; all three stand in the same round.
    public mutating func milestone(
        _ node: NodeHandle<State>, after: NodeHandle<State>, before: NodeHandle<State>
    ) {
        let all = resolve([node, after, before], of: "milestone")
        guard all.count == 3 else { return }
        draft.read {
            $0.constraints.milestones.append(
                TimeConstraints.Milestone(node: all[0], after: all[1], before: all[2]))
        }
    }

    /// Cancels `members` when `trigger` has completed: running ones are cancelled, those still to come and their exits skipped,
    /// completed changes stay.
    public mutating func cancelRegion(
        _ members: [NodeHandle<State>], by trigger: NodeHandle<State>, as outcome: CancelOutcome = .cancelled
    ) {
        let all = resolve(members, of: "cancelRegion")
        guard owns(trigger) else { return }
        draft.read {
            $0.constraints.regions.append(
                TimeConstraints.Region(trigger: trigger.index, members: all, outcome: outcome))
        }
    }
}

extension GraphBuilder {
    /// Sets the exit of a node, and notes what is wrong with it.
    func exit(
        of source: NodeHandle<State>, _ choice: DraftExit<State>.Choice, _ cases: [CaseShape],
        _ targets: [NodeHandle<State>]
    ) {
        guard owns(source) else { return }
        for target in targets where !isOwn(target) {
            report(
                .foreignHandle, [source], "The exit of \(quoted(source)) leads to a node of another graph.",
                "Use the handles that this builder returned.")
        }
        let isValid = { (index: Int) in index < 0 || targets.contains { $0.index == index && isOwn($0) } }
        let shapes = cases.map { one in
            let kept = one.targets.filter { $0 >= 0 && isValid($0) }
            return CaseShape(label: one.label, targets: kept, finishes: one.targets.contains(-2))
        }
        for one in shapes { refuseRepeated(one.targets, source) }
        let isSecond = draft.read { contents in
            if contents.nodes[source.index].exit != nil { return true }
            contents.nodes[source.index].exit = DraftExit(cases: shapes, choice: choice)
            return false
        }
        if isSecond {
            report(
                .secondExit, [source], "\(quoted(source)) has two exits.",
                "Use fork for several targets at once, route to choose one, select to choose any.")
        }
    }

    func refuseRepeated(_ targets: [Int], _ source: NodeHandle<State>) {
        var seen: Set<Int> = []
        for target in targets where target >= 0 && !seen.insert(target).inserted {
            let name = draft.read { $0.nodes[target].id }
            report(
                .duplicateTarget, [source], "\(quoted(source)) leads to \"\(name)\" twice in one exit.",
                "Name each target once.")
        }
    }

    /// The places of handles of this graph; others are noted as defects.
    func resolve(_ handles: [NodeHandle<State>], of place: String) -> [Int] {
        var found: [Int] = []
        for handle in handles where owns(handle, place) {
            if found.contains(handle.index) {
                report(.duplicateTarget, [handle], "The \(place) names \(quoted(handle)) twice.", "Name it once.")
            } else {
                found.append(handle.index)
            }
        }
        return found
    }

    func owns(_ handle: NodeHandle<State>, _ place: String = "exit") -> Bool {
        if isOwn(handle), handle.index >= 0 { return true }
        let what = handle.index < 0 ? "the end of a path" : "a node of another graph"
        draft.read {
            $0.diagnostics.append(
                GraphDiagnostic(
                    .foreignHandle, nodes: [], reason: "The \(place) names \(what).",
                    mend: "Use the handles that this builder returned."))
        }
        return false
    }

    func isOwn(_ handle: NodeHandle<State>) -> Bool { handle.index < 0 || handle.draft === draft }

    func name(_ handle: NodeHandle<State>) -> String {
        guard handle.index >= 0 else { return handle.index == -2 ? "finish" : "end" }
        guard isOwn(handle) else { return "?" }
        return draft.read { $0.nodes[handle.index].id }
    }

    func quoted(_ handle: NodeHandle<State>) -> String { "\"\(name(handle))\"" }

    func report(
        _ code: GraphDiagnostic.Code, _ nodes: [NodeHandle<State>], _ reason: String, _ mend: String
    ) {
        let diagnostic = GraphDiagnostic(code, nodes: nodes.map(name), reason: reason, mend: mend)
        draft.read { $0.diagnostics.append(diagnostic) }
    }
}
