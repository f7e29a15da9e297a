import Apus
import ApusTesting

/// One run of a recipe by the engine, in the simulator, and what the laws say of it.
struct EngineTrial {
    let recipe: GraphRecipe
    let structure: RecipeStructure
    let expected: Interpretation
    /// The hash of all decisions of the simulator.
    private(set) var trace: UInt64 = 0
    /// The activations that completed.
    private(set) var ran: [RecipeVisit] = []
    /// How the run differs from what is expected; empty if it does not.
    private(set) var complaints: [String] = []

    /// A generated recipe. Of three, two are watched.
    init(seed: UInt64) {
        self.init(RecipeGenerator.sound(seed: seed), seed: seed, isWatched: seed % 3 < 2)
    }

    /// With `isWatched` the events are compared too; without, the run takes the engine's shortest ways.
    init(_ recipe: GraphRecipe, seed: UInt64, isWatched: Bool = true) {
        self.recipe = recipe
        structure = RecipeStructure(recipe)
        expected = ReferenceInterpreter.run(structure)
        do {
            let graph = try recipe.graph()
            let simulator = Simulator(seed: seed)
            let entry = recipe.entryName
            let (result, events) = try simulator.run(decisions: 100_000) { environment in
                let executor = GraphExecutor(environment: environment, limits: GraphLimits(steps: 5_000))
                guard isWatched else {
                    do {
                        let state = try await executor.run(graph, from: RecipeState(), entry: entry)
                        return (Result<RecipeState, any Error>.success(state), [RunEvent]?.none)
                    } catch {
                        return (.failure(error), nil)
                    }
                }
                let run = executor.start(graph, from: RecipeState(), entry: entry)
                async let events = run.events.reduce(into: []) { $0.append($1) }
                do {
                    let state = try await run.value
                    return (.success(state), try await events)
                } catch {
                    return (.failure(error), try await events)
                }
            }
            trace = simulator.trace
            judge(result)
            guard let events else { return }
            judge(RecipeEvents(events, structure))
            if case .success(let state) = result {
                judge(state.log, RecipeEvents(events, structure))
                judgeConflicts()
            }
        } catch {
            complaints.append("\(error)")
        }
    }

    private mutating func judge(_ result: Result<RecipeState, any Error>) {
        switch result {
        case .success(let state):
            if !expected.failures.isEmpty, expected.finishes.isEmpty {
                complaints.append("did not fail: \(expected.failures)")
            }
            if expected.isExact, state != expected.state {
                complaints.append("ended in \(state)\n  not in \(expected.state)")
            }
        case .failure(let error):
            if !isExpected(error) { complaints.append("failed: \(error)\n  expected \(expected.failures)") }
        }
    }

    private mutating func judge(_ events: RecipeEvents) {
        ran = events.ran
        let isWhole = expected.isExact && expected.finishes.isEmpty
        compare("ran", events.ran, expected.ran, isWhole: expected.isExact)
        compare("failed", events.failed, expected.failed, isWhole: expected.isExact)
        // What lies inside a loop or a part that is skipped as a whole is reported too.
        let skipped = events.skipped.filter { visit in
            expected.skipped.contains(visit) || structure.path(to: visit.node).count == 1
        }
        compare("skipped", skipped, expected.skipped, isWhole: isWhole)
        complaints += ConservationOracle(structure).violations(
            ran: events.ran, failed: events.failed, skipped: events.skipped, isComplete: isWhole)
    }

    /// A run in which both sides of a conflict have completed does not succeed, whatever else it reached.
    private mutating func judgeConflicts() {
        let ran = Set(ran)
        for failure in expected.failures {
            guard case .conflict(let visits, _) = failure, visits.isSubset(of: ran) else { continue }
            complaints.append("did not fail, though both completed: \(failure)")
        }
    }

    /// Who wrote to the log has completed, and who has completed wrote to it.
    private mutating func judge(_ log: [String], _ events: RecipeEvents) {
        let names = events.ran.filter { visit in
            recipe.nodes[visit.node].work == .plain && recipe.nodes[visit.node].writes.contains(.append)
        }.map(name)
        let composites = Set(recipe.nodes.filter { $0.work != .plain }.map(\.name))
        let writers = log.map { String($0.prefix { $0 != " " && $0 != "[" && $0 != "/" }) }.filter { writer in
            !composites.contains(String(writer.prefix { $0 != "#" }))
        }
        let (known, seen) = (Set(names), Set(writers))
        if known != seen { complaints.append("logged \(seen.sorted())\n  but completed \(known.sorted())") }
    }

    private mutating func compare(_ what: String, _ seen: [RecipeVisit], _ expected: [RecipeVisit], isWhole: Bool) {
        let (seen, wanted) = (Set(seen.map(\.description)), Set(expected.map(\.description)))
        let missing = isWhole ? wanted.subtracting(seen) : []
        let extra = seen.subtracting(wanted)
        if !missing.isEmpty { complaints.append("\(what) lacks \(missing.sorted())") }
        if !extra.isEmpty { complaints.append("\(what) has besides \(extra.sorted())") }
    }

    private func isExpected(_ error: any Error) -> Bool {
        guard let error = error as? RunError else { return false }
        switch error.code {
        case .nodeFailed, .iterationLimit:
            return expected.failures.contains { failure in
                if case .node(let visit) = failure { name(visit) == error.activation?.description } else { false }
            }
        case .stateConflict:
            guard let conflict = error.underlying as? StateError else { return false }
            let field = [conflict.field, conflict.key].compactMap { $0 }.joined(separator: ".")
            return expected.failures.contains { failure in
                guard case .conflict(let visits, let claim) = failure, claim == field else { return false }
                return visits.allSatisfy { !names(of: $0).isDisjoint(with: conflict.writers) }
            }
        default: return false
        }
    }

    /// What may stand for a writer in an error: its name, the header of a loop around it, or a cycle that has none.
    private func names(of visit: RecipeVisit) -> Set<String> {
        let names = (structure.headers(around: visit.node) + [visit.node]).map { recipe.nodes[$0].name }
        return Set(structure.isInPart(visit.node) ? names + ["a cycle"] : names)
    }

    private func name(_ visit: RecipeVisit) -> String {
        let numbers = visit.iterations.map(String.init).joined(separator: ".")
        return recipe.nodes[visit.node].name + (numbers.isEmpty ? "" : "#\(numbers)")
    }
}

/// The activations of a recipe's own nodes that a run reported.
struct RecipeEvents {
    private(set) var ran: [RecipeVisit] = []
    private(set) var failed: [RecipeVisit] = []
    private(set) var skipped: [RecipeVisit] = []
    private let indices: [String: Int]
    private let structure: RecipeStructure

    init(_ events: [RunEvent], _ structure: RecipeStructure) {
        self.structure = structure
        indices = Dictionary(
            uniqueKeysWithValues: structure.recipe.nodes.enumerated().map { ($0.element.name, $0.offset) })
        for event in events {
            switch event.kind {
            case .completed(let id): if let visit = visit(id) { ran.append(visit) }
            case .failed(let id, _): if let visit = visit(id) { failed.append(visit) }
            case .skipped(let id): if let visit = visit(id) { skipped.append(visit) }
            default: break
            }
        }
    }

    private func visit(_ id: ActivationID) -> RecipeVisit? {
        guard id.path.count == 1, id.path[0].index == nil, let node = indices[id.node] else { return nil }
        return RecipeVisit(node, Array(id.path[0].iterations.prefix(structure.headers(around: node).count)))
    }
}
