/// Executes a recipe by the letter of Laws 1 to 3: one activation after the other, in graph order.
///
/// It knows nothing of time, tasks or interleavings, and is written to be read.
public struct ReferenceInterpreter {
    /// What one iteration of a region, or one loop, did.
    private struct Outcome {
        var changes: [RecipeChange] = []
        var taken: Set<RecipeEdge> = []
        /// Something failed for good: what waits for it waits forever.
        var isStuck = false
    }

    private let structure: RecipeStructure
    private let choices: RecipeChoices
    private var result = Interpretation()
    private var writers: [String: [RecipeVisit]] = [:]

    private init(_ structure: RecipeStructure) {
        self.structure = structure
        choices = RecipeChoices(structure)
    }

    /// - Precondition: Law 2 accepts the recipe and its loops can end.
    public static func run(_ structure: RecipeStructure, from state: RecipeState = RecipeState()) -> Interpretation {
        var interpreter = ReferenceInterpreter(structure)
        let outcome = interpreter.iterate(0, [], state)
        interpreter.result.state = state.applying(outcome.changes)
        interpreter.findConflicts()
        interpreter.judge()
        return interpreter.result
    }

    /// One iteration of a loop, or the whole graph.
    private mutating func iterate(_ index: Int, _ iterations: [Int], _ base: RecipeState) -> Outcome {
        let region = structure.regions[index]
        var total = Outcome()
        if region.kind == .whole {
            total.taken = Set(
                structure.flow.edges(from: GraphRecipe.first).filter { $0.branch == structure.recipe.entry })
        }
        var changes = [[RecipeChange]](repeating: [], count: region.units.count)
        var stuck: Set<Int> = []
        for (position, unit) in region.units.enumerated() {
            let before = region.before[position]
            let isHeader = region.header.map { unit == .node($0) } ?? false
            if !isHeader {
                let incoming = edges(into: unit)
                let sources = Set(incoming.compactMap { structure.position(of: $0.source, in: index) })
                guard sources.isDisjoint(with: stuck) else {
                    stuck.insert(position)
                    continue
                }
                guard let first = incoming.first(where: total.taken.contains) else {
                    if case .node(let node) = unit { result.skipped.append(RecipeVisit(node, iterations)) }
                    continue
                }
                total.taken.insert(first)
            }
            let view = base.applying(before.sorted().flatMap { changes[$0] })
            let outcome = execute(unit, iterations, view, entered: total.taken)
            changes[position] = outcome.changes
            total.taken.formUnion(outcome.taken)
            if outcome.isStuck { stuck.insert(position) }
        }
        total.changes = changes.flatMap { $0 }
        total.isStuck = !stuck.isEmpty
        return total
    }

    private mutating func execute(
        _ unit: RecipeUnit, _ iterations: [Int], _ view: RecipeState, entered: Set<RecipeEdge>
    ) -> Outcome {
        switch unit {
        case .node(let node): return perform(node, iterations, view)
        case .region(let index):
            if let header = structure.regions[index].header { return loop(index, header, iterations, view) }
            return walk(index, iterations, view, entered)
        }
    }

    /// The iterations of a loop, in turn, until one takes no back edge.
    private mutating func loop(_ index: Int, _ header: Int, _ iterations: [Int], _ view: RecipeState) -> Outcome {
        var total = Outcome()
        var state = view
        for number in 0... {
            let outcome = iterate(index, iterations + [number], state)
            total.changes += outcome.changes
            total.taken = outcome.taken
            total.isStuck = outcome.isStuck
            guard !outcome.isStuck, outcome.taken.contains(where: { $0.target == header }) else { break }
            state = state.applying(outcome.changes)
        }
        return total
    }

    /// The steps of a part with several entries, one at a time, until one leaves.
    private mutating func walk(
        _ index: Int, _ iterations: [Int], _ view: RecipeState, _ entered: Set<RecipeEdge>
    ) -> Outcome {
        let part = structure.regions[index].members
        var total = Outcome()
        var state = view
        var next = entered.first { part.contains($0.target) && !part.contains($0.source) }?.target
        while let node = next {
            let outcome = perform(node, iterations, state)
            total.changes += outcome.changes
            total.taken = outcome.taken
            total.isStuck = outcome.isStuck
            state = state.applying(outcome.changes)
            next = outcome.taken.first { part.contains($0.target) }?.target
        }
        return total
    }

    private mutating func perform(_ node: Int, _ iterations: [Int], _ view: RecipeState) -> Outcome {
        let visit = RecipeVisit(node, iterations)
        let recipe = structure.recipe.nodes[node]
        let stepKey = structure.stepKey(of: node)
        let pick = choices.pick(node, iterations, steps: stepKey.flatMap { view.keys[$0] } ?? 0)
        let activation = RecipeActivation(recipe, iterations: iterations)
        var work = activation.changes(seeing: view, choice: choices.code(of: pick, at: node))?.filter {
            !$0.isIdle(on: view)
        }
        if let stepKey, recipe.work == .plain { work?.append(.key(stepKey, (view.keys[stepKey] ?? 0) + 1)) }
        var outcome = Outcome()
        if pick == .failure || work == nil {
            result.failed.append(visit)
            outcome.taken = Set(choices.edges(of: .failure, at: node))
            outcome.isStuck = recipe.onFailure.isEmpty
            if outcome.isStuck { result.failures.insert(.node(visit)) }
        } else if let work {
            result.ran.append(visit)
            outcome.changes = work
            outcome.taken = Set(choices.edges(of: pick, at: node))
            for claim in Set(work.compactMap(\.claim)) { writers[claim, default: []].append(visit) }
            if recipe.exit == .finish {
                result.finishes.append(visit)
                outcome.isStuck = true
            }
        }
        result.taken += outcome.taken.map { ($0, visit) }
        return outcome
    }

    private func edges(into unit: RecipeUnit) -> [RecipeEdge] {
        let inside: Set<Int> =
            switch unit {
            case .node(let node): [node]
            case .region(let region): structure.regions[region].members
            }
        return inside.flatMap { structure.flow.edges(to: $0) }.filter {
            !inside.contains($0.source) && !structure.backEdges.contains($0)
        }
    }

    private mutating func judge() {
        guard result.failures.isEmpty, let finish = result.finishes.first else {
            return result.isExact = result.failures.isEmpty
        }
        let others = result.ran + result.failed
        result.isExact = result.finishes.count == 1 && others.allSatisfy { structure.areOrdered($0, finish) }
    }

    private mutating func findConflicts() {
        for (claim, visits) in writers {
            for (index, one) in visits.enumerated() {
                for other in visits[(index + 1)...] where !structure.areOrdered(one, other) {
                    result.failures.insert(.conflict([one, other], claim: claim))
                }
            }
        }
    }
}
