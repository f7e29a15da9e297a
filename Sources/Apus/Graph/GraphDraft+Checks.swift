extension GraphDraft {
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
        let own = Set(targets.filter(isOwn).map(\.index))
        let shapes = cases.map { one in
            let kept = one.targets.filter { $0 >= 0 && own.contains($0) }
            return CaseShape(label: one.label, targets: kept, finishes: one.targets.contains(-2))
        }
        for one in shapes { refuseRepeated(one.targets, source) }
        let isSecond = read { contents in
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
            let name = read { $0.nodes[target].id }
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
        read {
            $0.diagnostics.append(
                GraphDiagnostic(
                    .foreignHandle, nodes: [], reason: "The \(place) names \(what).",
                    mend: "Use the handles that this builder returned."))
        }
        return false
    }

    func isOwn(_ handle: NodeHandle<State>) -> Bool { handle.index < 0 || handle.draft === self }

    /// Where a handle stands among the targets of an exit; `nil` if it is not one of them.
    func position(of handle: NodeHandle<State>, in targets: [Int]) -> Int? {
        isOwn(handle) ? targets.firstIndex(of: handle.index) : nil
    }

    func name(_ handle: NodeHandle<State>) -> String {
        guard handle.index >= 0 else { return handle.index == -2 ? "finish" : "end" }
        guard isOwn(handle) else { return "?" }
        return read { $0.nodes[handle.index].id }
    }

    func quoted(_ handle: NodeHandle<State>) -> String { "\"\(name(handle))\"" }

    func report(
        _ code: GraphDiagnostic.Code, _ nodes: [NodeHandle<State>], _ reason: String, _ mend: String
    ) {
        let diagnostic = GraphDiagnostic(code, nodes: nodes.map(name), reason: reason, mend: mend)
        read { $0.diagnostics.append(diagnostic) }
    }
}
