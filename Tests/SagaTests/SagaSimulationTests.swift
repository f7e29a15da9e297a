import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

/// Random sagas on hosts that crash, stand still and start again, over a disk that fails.
@Suite(.aside) struct SagaSimulationTests {
    private static let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"
    private static let wish = ProcessInfo.processInfo.environment["APUS_SEED"].flatMap { UInt64($0) }
    private static let count: UInt64 = isFull ? 2_500 : 20

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `random sagas undo what was completed, once and the last first, whatever befalls their hosts`(part: UInt64) {
        if let seed = Self.wish {
            if part == 0 { print(Self.report(seed, isTold: true)) }
            return
        }
        for seed in part * Self.count..<(part + 1) * Self.count {
            let report = Self.report(seed)
            #expect(report.complaints.isEmpty, "\(report)")
        }
    }

    #if DEBUG
        @Test(arguments: PlantedBug.ofUndoing)
        func `a simulation finds a planted bug first at the seed that its page names`(_ bug: PlantedBug) throws {
            let first = (0..<1_000 as Range<UInt64>).first { seed in
                PlantedBug.$current.withValue(bug) { !Self.report(seed).complaints.isEmpty }
            }
            let found = first.map(String.init) ?? "none"
            #expect(first == (try BugPage.seed(of: bug)), "\(bug) is found first at \(found)")
        }
    #endif

    private static func report(_ seed: UInt64, isTold: Bool = false) -> DurableReport {
        DurableSimulation<Trip>(seed: seed, isTold: isTold) { outside, _ in
            let work = SagaWork(recipe: SagaRecipe(seed: seed), book: SagaBook(), outside: outside)
            return [DurableWorkload(try work.graph(), from: Trip(), judge: work.judge)]
        }.run()
    }
}
