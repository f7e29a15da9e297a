import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct EngineLawTests {
    @Test(arguments: LawCase.all)
    func `the engine runs what the laws say`(_ law: LawCase) {
        let trial = EngineTrial(law.recipe, seed: 1)
        #expect(trial.complaints.isEmpty, "\(law.says): \(trial.complaints) \(law.recipe)")
    }

    @Test(arguments: Effort.parts)
    func `the engine comes to what the interpreter comes to, in every order`(_ part: Int) {
        for seed in Effort.seeds(of: part, 400, full: 500_000) {
            let trial = EngineTrial(seed: seed)
            #expect(
                trial.complaints.isEmpty, "seed \(seed): \(trial.complaints.joined(separator: "\n")) \(trial.recipe)")
            guard seed / 4 % 100 == 0 else { continue }
            #expect(EngineTrial(seed: seed).trace == trial.trace, "seed \(seed) took other decisions again")
        }
    }

    /// Runs that a longer search once found the engine wrong in: a conflict of which one side had reached `finish`.
    @Test(arguments: [72_853, 93_001, 121_228, 136_713, 264_724, 285_928] as [UInt64])
    func `the engine is right where it once was not`(_ seed: UInt64) {
        let trial = EngineTrial(seed: seed)
        #expect(trial.complaints.isEmpty, "seed \(seed): \(trial.complaints.joined(separator: "\n")) \(trial.recipe)")
        #expect(
            !trial.expected.failures.isEmpty && !trial.expected.finishes.isEmpty, "seed \(seed) shows this no longer")
    }
}

@Suite(.aside) struct BuilderLawTests {
    @Test
    func `the builder refuses what Law 2 refuses, and nothing else`() {
        for seed in Effort.seeds(1_000, full: 200_000) {
            let recipe = RecipeGenerator.anything(seed: seed, nodes: 9)
            let refusals = RecipeStructure(recipe).refusals
            do {
                _ = try recipe.graph()
                #expect(refusals.isEmpty, "seed \(seed): \(refusals) \(recipe)")
            } catch {
                #expect(!refusals.isEmpty, "seed \(seed): \(error) \(recipe)")
            }
        }
    }
}
