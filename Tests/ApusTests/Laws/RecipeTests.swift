import ApusTesting
import Foundation
import Testing

/// How much of the generated material a test goes through: a part by default, all with `APUS_SIMULATE=full`.
enum Effort {
    static let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"

    static func seeds(_ some: UInt64, full: UInt64) -> Range<UInt64> { 0..<(isFull ? full : some) }
}

@Suite struct RecipeTests {
    @Test
    func `generated recipes are sound, and trying all choices finds no more than the analysis`() {
        for seed in Effort.seeds(300, full: 20_000) {
            let recipe = RecipeGenerator.sound(seed: seed, profile: .init(nodes: 24))
            let structure = RecipeStructure(recipe)
            #expect(structure.refusals.isEmpty, "seed \(seed): \(recipe)")
            #expect(RecipeChoices(structure).canEnd, "seed \(seed): \(recipe)")
            guard recipe.nodes.count <= 8 else { continue }
            let isRefuted = RecipeEnumeration(structure).findsRefusal
            #expect(!isRefuted, "seed \(seed): \(recipe)")
        }
    }

    @Test
    func `what the analysis refuses, some choice shows to be unsound`() {
        var reasons: [RecipeRefusal.Reason: Int] = [:]
        for seed in Effort.seeds(300, full: 20_000) {
            guard let recipe = RecipeGenerator.unsound(seed: seed, nodes: 28) else { continue }
            let structure = RecipeStructure(recipe)
            for refusal in structure.refusals { reasons[refusal.reason, default: 0] += 1 }
            guard structure.isOrdered, recipe.nodes.count <= 9 else { continue }
            let isConfirmed = RecipeEnumeration(structure).findsRefusal
            #expect(isConfirmed, "seed \(seed): \(structure.refusals) \(recipe)")
        }
        #expect(reasons.count == 3, "\(reasons)")
    }

    @Test
    func `trying all choices comes to the analysis's verdict on graphs of any shape`() {
        var verdicts: [Bool: Int] = [:]
        for seed in Effort.seeds(500, full: 100_000) {
            let recipe = RecipeGenerator.anything(seed: seed, nodes: 7)
            let structure = RecipeStructure(recipe)
            verdicts[structure.refusals.isEmpty, default: 0] += 1
            guard structure.isOrdered else { continue }
            let isRefuted = RecipeEnumeration(structure).findsRefusal
            #expect(isRefuted == !structure.refusals.isEmpty, "seed \(seed): \(structure.refusals) \(recipe)")
        }
        #expect(verdicts.count == 2, "\(verdicts)")
    }

    @Test
    func `the interpreter ends every recipe and starts each activation once`() {
        for seed in Effort.seeds(300, full: 20_000) {
            let recipe = RecipeGenerator.sound(seed: seed)
            let structure = RecipeStructure(recipe)
            let result = ReferenceInterpreter.run(structure)
            let visits = (result.ran + result.failed).filter { !structure.isInPart($0.node) }
            #expect(visits.count == Set(visits).count, "seed \(seed): \(recipe)")
            let violations = ConservationOracle(structure).violations(
                ran: result.ran, failed: result.failed, skipped: result.skipped,
                isComplete: result.failures.isEmpty && result.finishes.isEmpty)
            #expect(violations.isEmpty, "seed \(seed): \(violations) \(recipe)")
            #expect(!visits.isEmpty || recipe.nodes.isEmpty || structure.regions.count > 1, "seed \(seed): \(recipe)")
        }
    }
}
