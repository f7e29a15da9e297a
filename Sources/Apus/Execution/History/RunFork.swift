/// A new run that begins where another one was at a point of its history.
struct RunFork<State: GraphState> {
    let run: RunID
    let graph: Graph<State>
    let environment: any Environment
    let excerpt: JournalExcerpt
    /// How far a refusal looks for points at which it would go.
    private static var horizon: Int { 256 }

    /// The frames of the new run, in their order; the last one says where it comes from.
    ///
    /// Throws ``HistoryError`` if it can't be forked there, or can't be edited, and ``JournalError`` if the journal does not go with
    /// the graph.
    func lots(at point: Int, editing: (inout State) throws -> Void) throws -> [ForkPlan.Lot] {
        try excerpt.check(point, of: run)
        let plan = ForkPlan(excerpt, upTo: point)
        let replay = try JournalReplay(run, graph, environment, following: plan.records)
        let before = try replay.state()
        var after = before
        try editing(&after)
        let change = graph.kit.change(from: TypedBox(before), to: TypedBox(after))
        if let refusal = refusal(plan, replay, at: point, isEdited: change != nil) {
            throw try completed(refusal, isEdited: change != nil)
        }
        var record = JournalRecord(.forked, name: run.value, number: point)
        do {
            record.value = try change.map { try graph.kit.encode($0, base: TypedBox(before)) }
        } catch {
            throw JournalError(.coding, run: run, detail: "the edited state: \(error)")
        }
        return plan.lots + [ForkPlan.Lot(time: environment.now().wallTime, records: [record])]
    }

    /// Whether the state can be edited at a point.
    func isEditable(at point: Int) throws -> Bool { try isPossible(at: point, isEdited: true) }

    private func isPossible(at point: Int, isEdited: Bool) throws -> Bool {
        let plan = ForkPlan(excerpt, upTo: point)
        let replay = try JournalReplay(run, graph, environment, following: plan.records)
        return refusal(plan, replay, at: point, isEdited: isEdited) == nil
    }

    private func refusal(
        _ plan: ForkPlan, _ replay: JournalReplay<State>, at point: Int, isEdited: Bool
    ) -> HistoryError? {
        let open = replay.open.names
        if open.isEmpty { return HistoryError(.nothingOpen, run: run, point: point) }
        if let effect = plan.openEffect {
            return HistoryError(.effectOpen, run: run, point: point, activations: [effect.activation])
        }
        guard isEdited else { return nil }
        let parts = open.filter { plan.hasProgress(inside: $0) }
        if !parts.isEmpty { return HistoryError(.insideComposite, run: run, point: point, activations: parts) }
        return replay.isUniform ? nil : HistoryError(.branchesOpen, run: run, point: point, activations: open)
    }

    /// The refusal with the nearest points at which it would go.
    private func completed(_ refusal: HistoryError, isEdited: Bool) throws -> HistoryError {
        var refusal = refusal
        let lower = max(excerpt.numbers.lowerBound, refusal.point - Self.horizon)
        let upper = min(excerpt.numbers.upperBound, refusal.point + Self.horizon)
        let before = try (lower..<refusal.point).last { try isPossible(at: $0, isEdited: isEdited) }
        let behind = try (refusal.point + 1..<max(refusal.point + 1, upper)).first {
            try isPossible(at: $0, isEdited: isEdited)
        }
        refusal.nearest = [before, behind].compactMap { $0 }
        return refusal
    }
}

extension JournalExcerpt {
    /// Throws unless there is such a point, with the nearest that there is.
    func check(_ point: Int, of run: RunID) throws(HistoryError) {
        if numbers.contains(point) { return }
        let nearest = numbers.isEmpty ? [] : [min(max(numbers.lowerBound, point), numbers.upperBound - 1)]
        throw HistoryError(.noSuchPoint, run: run, point: point, nearest: nearest)
    }
}
