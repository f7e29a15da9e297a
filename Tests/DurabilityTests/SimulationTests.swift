import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// One seed to look at, with its story.
    private static let wish = environment["APUS_SEED"].flatMap { UInt64($0) }
    private static let count: UInt64 = environment["APUS_SIMULATE"] == "full" ? 200_000 : 60
    /// The parts in which the seeds are simulated, so that all processors are used.
    static let parts: Range<UInt64> = wish == nil ? 0..<4 : 0..<1

    /// Every hundredth run is simulated twice and has to take the same decisions.
    @Test(arguments: parts)
    func `runs survive what befalls their hosts`(part: UInt64) {
        if let seed = Self.wish {
            let report = report(of: seed, isTold: true)
            print(report)
            #expect(report.complaints.isEmpty)
            return
        }
        let seeds = stride(from: part, to: Self.count, by: Self.parts.count)
        for (number, seed) in seeds.enumerated() {
            let report = report(of: seed)
            #expect(report.complaints.isEmpty, "\(report)")
            if number % 100 == 0 { #expect(self.report(of: seed).trace == report.trace, "seed \(seed) differs") }
        }
    }

    /// Each of them once found a mistake: a run begun again behind a snapshot, a graph that waited for branches which could not begin.
    @Test(arguments: [18_334, 18_946, 54_420, 73_943, 135_105, 137_609, 142_621, 174_399] as [UInt64])
    func `what a simulation found once stays mended`(seed: UInt64) {
        let report = report(of: seed)
        #expect(report.complaints.isEmpty, "\(report)")
    }

    private func report(of seed: UInt64, isTold: Bool = false) -> DurableReport {
        DurableSimulation(seed: seed, isTold: isTold) { try RecipeWorkload.drawn(by: seed, $0, $1) }.run()
    }
}
