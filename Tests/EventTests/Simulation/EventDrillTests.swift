import Apus
import ApusTesting
import Foundation
import Testing

@Suite struct EventDrillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wish = environment["APUS_SEED"].flatMap { UInt64($0) }
    private static let count: UInt64 = environment["APUS_SIMULATE"] == "full" ? 100_000 : 150
    static let parts: Range<UInt64> = wish == nil ? 0..<4 : 0..<1

    @Test(arguments: parts)
    func `nothing is lost and keys keep their order, whatever befalls publishers and subscribers`(part: UInt64) {
        let seeds = Self.wish.map { [$0] } ?? Array(stride(from: part, to: Self.count, by: Self.parts.count))
        for seed in seeds {
            let complaints = EventDrill(seed: seed).complaints()
            #expect(complaints.isEmpty, "seed \(seed): \(complaints.prefix(5))")
        }
    }
}

#if DEBUG
    @Suite struct EventBugTests {
        private static let last: UInt64 = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" ? 2_000 : 60

        @Test(arguments: PlantedBug.ofEvents)
        func `the drills find a planted bug`(_ bug: PlantedBug) {
            let found = (0..<Self.last).first { seed in
                PlantedBug.$current.withValue(bug) { !EventDrill(seed: seed).complaints().isEmpty }
            }
            print("planted bug \(bug): seed \(found.map { "\($0)" } ?? "none")")
            #expect(found != nil, "\(bug) is not found")
        }
    }
#endif
