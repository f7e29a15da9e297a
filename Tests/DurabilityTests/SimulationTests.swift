import Apus
import ApusTesting
import Foundation
import Testing

@Suite struct SimulationTests {
    @Test
    func `runs survive what befalls their hosts`() {
        let wish = ProcessInfo.processInfo.environment["APUS_SEED"].flatMap { UInt64($0) }
        for seed in wish.map({ $0..<($0 + 1) }) ?? 0..<60 {
            let report = DurableSimulation(seed: seed, isTold: wish != nil) {
                try RecipeWorkload.drawn(by: seed, $0, $1)
            }.run()
            #expect(report.complaints.isEmpty, "\(report)")
            if wish != nil { print(report) }
        }
    }
}
