import Apus
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct TriggerSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wish = environment["APUS_SEED"].flatMap { UInt64($0) }
    /// All with `APUS_SIMULATE=full`, and so many as a number says, from `APUS_FIRST` on.
    private static let count = environment["APUS_SIMULATE"].map { UInt64($0) ?? 100_000 } ?? 80
    private static let first = environment["APUS_FIRST"].flatMap { UInt64($0) } ?? 0
    static let parts: Range<UInt64> = wish == nil ? 0..<2 : 0..<1

    /// Every hundredth seed is simulated twice and has to take the same decisions.
    @Test(arguments: parts)
    func `no firing is lost or taken twice, and policies are kept, whatever befalls the hosts`(part: UInt64) {
        if let seed = Self.wish {
            let report = TriggerSimulation(seed: seed).run()
            print(report)
            #expect(report.complaints.isEmpty)
            return
        }
        for (number, seed) in stride(from: Self.first + part, to: Self.first + Self.count, by: Self.parts.count)
            .enumerated()
        {
            let report = TriggerSimulation(seed: seed).run()
            #expect(report.complaints.isEmpty, "seed \(seed): \(report.complaints)")
            if number % 100 == 0 {
                #expect(TriggerSimulation(seed: seed).run().trace == report.trace, "seed \(seed) differs")
            }
        }
    }
}

#if DEBUG
    @Suite(.aside) struct TriggerBugTests {
        @Test(arguments: [
            PlantedBug.misfireBoundOff, .runsOverlap, .startsWhilePaused, .triggerApartFromStart,
            .triggerWithoutFence, .firingNotRemembered,
        ])
        func `the simulation finds a planted bug`(_ bug: PlantedBug) {
            let found = (0..<60 as Range<UInt64>).first { seed in
                PlantedBug.$current.withValue(bug) { !TriggerSimulation(seed: seed).run().complaints.isEmpty }
            }
            #expect(found != nil, "\(bug)")
        }
    }
#endif
