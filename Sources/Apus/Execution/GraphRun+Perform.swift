import Synchronization

extension GraphRun {
    /// Performs one activation with its policy and evaluates its exit. `state` changes only if the node succeeds.
    func perform(
        _ node: Int, _ state: inout State, _ context: NodeContext, _ traits: NodeTraits, exceedsLimit: Bool
    ) async -> ActivationOutcome {
        if exceedsLimit {
            let outcome = failedLimit(node, state, context)
            report(outcome, of: context.activation)
            return outcome
        }
        let key = traits.contains(.policy) ? graph.table.policies[node].criticalKey : nil
        let takesPlace = core.hasPlaces && facts.kinds[node] == .node
        guard await enters(key, facts.priorities[node], takesPlace, context) else {
            return outcomeOfWaiting(node, state, context) ?? .cancelled
        }
        defer { core.leave(key: key, takesPlace: takesPlace) }
        do {
            if core.isAttended || core.isCancelRequested { try await core.pass() }
            if key != nil || takesPlace, let outcome = outcomeOfWaiting(node, state, context) { return outcome }
            try core.countActivation()
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .aborted(describe(error, context.activation))
        }
        if let replay = core.replay, let outcome = await timed(node, state, context, replay) { return outcome }
        core.emit(.started(context.activation, attempt: 1))
        if traits.contains(.heralds) { began(node) }
        let outcome = await attempt(node, &state, context, traits)
        // One that handed its change on was reported then.
        if (context.extras?.handle as? BranchHandle)?.isCompleted != true { report(outcome, of: context.activation) }
        return outcome
    }

    /// Stands in line for a turn and a place; false if the node was cancelled before it had both.
    private func enters(_ key: String?, _ priority: Int, _ takesPlace: Bool, _ context: NodeContext) async -> Bool {
        guard key != nil || takesPlace else { return true }
        let core = core
        guard let stop = context.extras?.handle?.completion else {
            return (try? await core.enter(key: key, priority: priority, takesPlace: takesPlace)) != nil
        }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await core.enter(key: key, priority: priority, takesPlace: takesPlace)) != nil }
            group.addTask {
                _ = await stop.wait()
                return false
            }
            let isFirst = await group.next() ?? false
            group.cancelAll()
            let isSecond = await group.next() ?? false
            if !isFirst, isSecond { core.leave(key: key, takesPlace: takesPlace) }
            return isFirst
        }
    }

    /// What became of a node while it stood in line; `nil` if it may start.
    private func outcomeOfWaiting(_ node: Int, _ state: State, _ context: NodeContext) -> ActivationOutcome? {
        if isClosing.load(ordering: .relaxed) { return .cancelled }
        switch context.extras?.handle?.completion.outcome {
        case nil: return nil
        case .cancelled: return .cancelled
        case .completed: return facts.kinds[node].gathers ? nil : passOver(node, state)
        }
    }

    private func attempt(
        _ node: Int, _ state: inout State, _ context: NodeContext, _ traits: NodeTraits
    ) async -> ActivationOutcome {
        do {
            let careful = planted(.failedChangeKept) ? .policy | .handle : NodeTraits.policy | .failure | .handle
            if !traits.contains(careful) {
                try await graph.table.nodes[node].run(&state, in: context)
            } else {
                let runner = PolicyRunner(
                    node: graph.table.nodes[node], policy: graph.table.policies[node], context: context,
                    stop: context.extras?.handle?.completion, gathers: facts.kinds[node].gathers)
                let after = try await runner.run(state)
                if Task.isCancelled || isStopped { return .cancelled }
                let outcome = choose(node, after, context)
                if case .failed = outcome { return outcome }
                state = after
                return outcome
            }
            if Task.isCancelled || isStopped { return .cancelled }
            return choose(node, state, context)
        } catch {
            return outcome(of: error, node, state, context)
        }
    }

    /// What an activation came to that threw; `state` is the one before it.
    func outcome(of error: any Error, _ node: Int, _ state: State, _ context: NodeContext) -> ActivationOutcome {
        context.extras?.handle?.discardSent(by: nil)
        if Task.isCancelled || isStopped { return .cancelled }
        if error is StoppedError {
            return context.extras?.handle?.completion.outcome == .completed ? passOver(node, state) : .cancelled
        }
        if core.isOutOfSteps { return .aborted(describe(core.limitError(), context.activation)) }
        return graph.table.policies[node].passesOver ? passOver(node, state, error, context) : .failed(error)
    }

    /// Evaluates the exit of `node` on the state it left.
    func choose(_ node: Int, _ state: State, _ context: NodeContext? = nil) -> ActivationOutcome {
        switch graph.table.choices[node] {
        case .always: return .chose(0)
        case .route(let choose):
            guard let number = choose(state) else { return .failed(undeclaredTarget(context)) }
            return .chose(number)
        case .select(let choose):
            guard let subset = choose(state) else { return .failed(undeclaredTarget(context)) }
            return .selected(subset)
        }
    }

    func undeclaredTarget(_ context: NodeContext?) -> RunError {
        RunError(.undeclaredTarget, graph: graph.name, activation: context?.activation)
    }

    private func passOver(
        _ node: Int, _ state: State, _ error: (any Error)? = nil, _ context: NodeContext? = nil
    ) -> ActivationOutcome {
        if let error, let context { core.emit(.passedOver(context.activation, error: "\(error)")) }
        switch choose(node, state, context) {
        case .chose(let number): return .passedOver(number)
        case .selected(let subset): return .passedOverSelecting(subset)
        case let other: return other
        }
    }

    /// The header of a loop that is out of rounds fails without running.
    private func failedLimit(_ node: Int, _ state: State, _ context: NodeContext) -> ActivationOutcome {
        let limit = plan.iterationLimits[plan.scope(of: node) - 1]
        let error = RunError(.iterationLimit, graph: graph.name, activation: context.activation, detail: "\(limit)")
        return graph.table.policies[node].passesOver ? passOver(node, state, error, context) : .failed(error)
    }
}

extension NodeOutline.Kind {
    /// Whether such a node gathers results, so that it can complete with those it has.
    fileprivate var gathers: Bool {
        switch self {
        case .forEach, .race, .quorum, .zip: true
        default: false
        }
    }
}
