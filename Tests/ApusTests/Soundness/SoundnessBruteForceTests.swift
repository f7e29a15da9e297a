import Apus
import AsideKit
import Testing

@Suite(.aside) struct SoundnessBruteForceTests {
    static let seeds = Effort.seeds(600, full: 20_000)

    @Test func `waits and what never runs are those that trying everything finds`() throws {
        var (stuck, missing) = (0, 0)
        for seed in Self.seeds {
            let recipe = SoundnessRecipe(seed: seed)
            let report = try recipe.graph().soundness()
            var force = BruteForce(recipe)
            force.explore()
            let says: Comment = "seed \(seed)\n\(recipe)\n\(report)"
            #expect(report.isComplete, says)
            let waits = report.findings.filter { $0.code != .neverRuns }
            #expect(waits.isEmpty == (force.stuckAfter == nil), says)
            for wait in waits {
                let state = try #require(Self.replay(wait.trace, recipe, force), says)
                let isDoomed = force.isDoomed(state)
                #expect(isDoomed, says)
            }
            if let fewest = force.stuckAfter, let first = waits.first {
                #expect(first.trace.count <= fewest, says)
                stuck += 1
            }
            let never = Set(recipe.nodes.indices.filter { !force.ran.contains($0) })
            let told = Set(report.neverRun.compactMap { Int($0.dropFirst()) })
            #expect(told.isSubset(of: never), says)
            for node in never.subtracting(told) {
                let sources = force.edges.filter { $0.target == node }.map(\.source)
                #expect(!sources.isEmpty && sources.allSatisfy(never.contains), says)
            }
            if !never.isEmpty { missing += 1 }
        }
        #expect(stuck > 40 && missing > 40, "the recipes are too harmless: \(stuck), \(missing)")
    }

    /// The state after the steps of a trace; `nil` if it can't be gone.
    static func replay(_ trace: [SoundnessStep], _ recipe: SoundnessRecipe, _ force: BruteForce) -> BruteForce.State? {
        var state = force.initial
        for step in trace {
            guard let node = Int(step.node.dropFirst()) else { return nil }
            let possible = force.steps(state).filter { $0.node == node }
            let picked = possible.first { matches($0, step.kind, recipe) }
            guard let picked else { return nil }
            state = force.perform(picked, state)
        }
        return state
    }

    private static func matches(_ step: BruteForce.Step, _ kind: SoundnessStep.Kind, _ recipe: SoundnessRecipe) -> Bool
    {
        switch kind {
        case .isCancelled: return step.isCancelled
        case .fails: return step.cases == nil
        case .endsWithoutCase: return step.cases == [] && !step.isCancelled
        case .ends(let labels):
            guard let cases = step.cases, !step.isCancelled else { return false }
            if recipe.nodes[step.node].exit == .always { return cases == [0] }
            return cases.map { recipe.label(step.node, $0) } == labels
        default: return false
        }
    }
}
