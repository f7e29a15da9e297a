@testable import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct MachineLawTests {
    private let profile = RecipeGenerator.Profile(composites: false, conflicts: false)

    @Test
    func `the machine starts what the laws start, in whatever order activations end`() throws {
        for seed in Effort.seeds(300, full: 10_000) {
            let recipe = RecipeGenerator.sound(seed: seed, profile: profile)
            let plan = try recipe.graph().plan
            let structure = RecipeStructure(recipe)
            let choices = RecipeChoices(structure)
            let expected = ReferenceInterpreter.run(structure)
            for order in 0..<(Effort.isFull ? UInt64(100) : 10) {
                var walk = MachineWalk(plan, structure, choices, seed: seed << 20 | order)
                walk.run()
                let complaints = walk.complaints + differences(walk, expected, structure)
                #expect(complaints.isEmpty, "seed \(seed), order \(order): \(complaints) \(recipe)")
            }
        }
    }

    private func differences(
        _ walk: borrowing MachineWalk, _ expected: Interpretation, _ structure: RecipeStructure
    ) -> [String] {
        let isWhole = expected.finishes.isEmpty && expected.failures.isEmpty
        var found = ConservationOracle(structure).violations(
            ran: walk.ran, failed: walk.failed, skipped: walk.skipped, isComplete: isWhole)
        if isWhole {
            if Set(walk.ran) != Set(expected.ran) || walk.ran.count != expected.ran.count {
                found.append("ran \(walk.ran), not \(expected.ran)")
            }
            if Set(walk.failed) != Set(expected.failed) {
                found.append("failed \(walk.failed), not \(expected.failed)")
            }
        } else {
            let besides = Set(walk.ran + walk.failed).subtracting(expected.ran + expected.failed)
            if !besides.isEmpty { found.append("ran besides \(besides)") }
        }
        return found
    }
}
