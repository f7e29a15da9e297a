public import Apus

/// Generated graphs for a ``DurableSimulation``: recipes whose nodes also act, ask, wait, sleep and fail for a while.
public struct RecipeWorkload: Sendable {
    public let recipe: GraphRecipe
    private let structure: RecipeStructure
    private let expected: Interpretation
    private let outside: SimulatedOutside
    private let seed: UInt64
    /// Whether the time that things take decides what the run comes to.
    private let isTimed: Bool
    private let breaks: Bool
    /// Whether most of what nodes do is waiting for one signal.
    private let isTalkative: Bool
    private let storesEveryStep: Bool

    /// The runs of one seed.
    public static func drawn(
        by seed: UInt64, _ outside: SimulatedOutside, _ options: EngineOptions
    ) throws -> [DurableWorkload<RecipeState>] {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x6A0))
        let count = 1 + (generator.below(3) == 0 ? generator.below(3) : 0)
        return try (0..<count).map { number in
            let profile = RecipeGenerator.Profile(
                nodes: [4, 12, 24][generator.below(3)], failures: generator.below(4) == 0,
                conflicts: generator.below(8) == 0, finishes: generator.below(4) == 0)
            let recipe = RecipeGenerator.sound(seed: generator.next() >> 32, profile: profile)
            outside.tell("\(recipe)")
            return try RecipeWorkload(
                recipe, outside, seed: generator.next(), breaks: generator.below(3) == 0, options: options
            )
            .workload(named: "recipe\(number)")
        }
    }

    init(_ recipe: GraphRecipe, _ outside: SimulatedOutside, seed: UInt64, breaks: Bool, options: EngineOptions) {
        storesEveryStep = options.durability == .everyStep
        self.recipe = recipe
        self.outside = outside
        self.seed = seed
        isTalkative = seed % 3 == 0
        structure = RecipeStructure(recipe)
        expected = ReferenceInterpreter.run(structure)
        self.breaks = breaks && expected.failures.isEmpty && expected.finishes.isEmpty
        isTimed = Self.isTimed(recipe)
    }

    func workload(named name: String) throws -> DurableWorkload<RecipeState> {
        let graph = try recipe.graph(named: name) { node, context in try await errand(node, context) }
        var workload = DurableWorkload(graph, from: RecipeState(), entry: recipe.entryName) { judge($0) }
        workload.other = try Graph<RecipeState>(name) { g in
            let node = g.node("other") { _, context in outside.strays(context) }
            g.start(at: [node])
        }
        return workload
    }

    private static func isTimed(_ recipe: GraphRecipe) -> Bool {
        recipe.nodes.contains { node in
            switch node.work {
            case .race, .quorum: true
            case .subgraph(let inner): inner.contains(where: isTimed)
            case .plain, .forEach, .loop: false
            }
        }
    }

    /// What an activation does besides, chosen by the seed and its name.
    private func errand(_ node: NodeRecipe, _ context: NodeContext) async throws {
        outside.begins(context)
        if storesEveryStep { checkOrder(node, context) }
        var hash = RecipeHash()
        hash.add("\(context.activation)")
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ hash.value))
        for number in 0..<[0, 0, 1, 1, 2, 3][generator.below(6)] {
            switch isTalkative && generator.below(4) > 0 ? 7 : generator.below(12) {
            case 0, 1: try await outside.pay("p\(number)", in: context)
            case 2, 3: _ = try await outside.step("s\(number)", in: context)
            case 4: _ = try await outside.step("m\(number)", .atMostOnce, in: context)
            case 5: _ = try await outside.reconciledStep("r\(number)", in: context)
            case 6: try await outside.ask("q\(number)", in: context)
            case 7: try await outside.signal("go", number, in: context)
            case 8: try await outside.signal("go\(number)", number, in: context)
            default: try await nap(&generator, context)
            }
        }
        let mayBreak = breaks && node.work == .plain && node.failure == .never && node.onFailure.isEmpty
        guard mayBreak, context.activation.path.count == 1 else { return }
        switch generator.below(8) {
        case 0, 1: try outside.breaks(in: context)
        case 2: try await outside.poisons(in: context)
        default: break
        }
    }

    /// In a graph one of the nodes before has ended, and that is stored.
    private func checkOrder(_ node: NodeRecipe, _ context: NodeContext) {
        guard context.activation.path.count == 1, context.activation.path[0].index == nil,
            let index = recipe.nodes.firstIndex(where: { $0.name == node.name })
        else { return }
        let edges = structure.flow.edges(to: index)
        if edges.contains(where: { $0.source == GraphRecipe.first }) { return }
        outside.follows(edges.map { recipe.nodes[$0.source].name }, in: context)
    }

    private func nap(_ generator: inout SeededGenerator, _ context: NodeContext) async throws {
        guard context.activation.path.allSatisfy({ $0.index == nil }) || generator.below(3) == 0 else { return }
        try await outside.nap(.milliseconds([50, 3_000, 20_000][generator.below(3)]), in: context)
    }

    private func judge(_ ending: DurableEnding<RecipeState>) -> [String] {
        switch ending.head.status {
        case .cancelled: return ending.wasCancelled ? [] : ["it was cancelled, and nobody asked for it"]
        case .failed:
            return expected.failures.isEmpty ? ["it failed: \(ending.head.reason ?? "")"] : []
        case .completed: return judgeCompleted(ending)
        default: return ["it is \(ending.head.status)"]
        }
    }

    private func judgeCompleted(_ ending: DurableEnding<RecipeState>) -> [String] {
        if !expected.failures.isEmpty, expected.finishes.isEmpty { return ["it did not fail: \(expected.failures)"] }
        guard expected.isExact, let state = ending.state else { return [] }
        var complaints: [String] = []
        if !isTimed, state != expected.state {
            complaints.append("it ended in \(state)\n  not in \(expected.state)")
        }
        guard expected.finishes.isEmpty, !isTimed else { return complaints }
        let wanted = Set(expected.ran.filter { !structure.isInPart($0.node) }.map(name))
        let missing = wanted.subtracting(ending.completed)
        if !missing.isEmpty { complaints.append("it completed without \(missing.sorted())") }
        return complaints
    }

    private func name(_ visit: RecipeVisit) -> String {
        let numbers = visit.iterations.map(String.init).joined(separator: ".")
        return recipe.nodes[visit.node].name + (numbers.isEmpty ? "" : "#\(numbers)")
    }
}
