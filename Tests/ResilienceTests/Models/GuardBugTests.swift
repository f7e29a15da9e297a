#if DEBUG
    import Apus
    import AsideKit
    import Foundation
    import Testing

    /// Bugs that are planted in the machines, and the seeds of their trials that find them.
    @Suite(.aside) struct GuardBugTests {
        private static func trial(of bug: PlantedBug) -> Trial {
            switch bug {
            case .windowLeaksAtEdges: .window
            case .bucketOverflows: .bucket
            case .limiterForgetsKeys: .keys
            case .bulkheadLosesPlace, .bulkheadQueueUnbounded: .bulkhead
            case .hedgeTakesTheFirst, .hedgeFailsEarly, .hedgeIgnoresShare: .hedge
            case .cacheStampedes, .cacheServesExpired, .cacheKeepsFailures, .cacheKeepsStale, .cacheLosesFlight: .cache
            default: .breaker
            }
        }

        @Test(arguments: PlantedBug.ofGuards)
        func `a trial finds a planted bug, first at the seed that its page names`(_ bug: PlantedBug) throws {
            let trial = Self.trial(of: bug)
            let found = PlantedBug.$current.withValue(bug) { trial.first(in: UInt64(0)..<2_000) }
            let seed = try #require(found?.seed, "no seed finds \(bug)")
            #expect(try Self.seed(of: bug) == seed, "\(bug) is found first by seed \(seed): \(found?.complaint ?? "")")
        }

        /// The first seed that finds a bug, from its row in Documentation/PlantedBugs.md.
        private static func seed(of bug: PlantedBug) throws -> UInt64? {
            let page = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Documentation/PlantedBugs.md").standardized
            for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                if cells.count == 3, cells[0] == "`\(bug)`" { return UInt64(cells[2]) }
            }
            return nil
        }
    }
#endif
