import ApusTesting
import AsideKit
import Foundation
import Testing

/// How much of the generated material a test goes through: a part by default, all of it with `APUS_SIMULATE=full`, and
/// so many seeds with `APUS_SIMULATE=<number>`.
enum Effort {
    private static let wish = ProcessInfo.processInfo.environment["APUS_SIMULATE"]
    static let isFull = wish == "full"

    static func seeds(_ some: UInt64, full: UInt64) -> Range<UInt64> {
        0..<(wish.flatMap { UInt64($0) } ?? (isFull ? full : some))
    }

    /// The parts in which a long test is run, so that it uses all processors.
    static let parts = 0..<4

    static func seeds(of part: Int, _ some: UInt64, full: UInt64) -> some Sequence<UInt64> {
        stride(from: UInt64(part), to: seeds(some, full: full).upperBound, by: parts.count)
    }
}

@Suite(.aside) struct RecipeTests {
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
