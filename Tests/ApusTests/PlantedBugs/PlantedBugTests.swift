#if DEBUG
    import Apus
    import AsideKit
    import Testing

    @Suite(.aside) struct PlantedBugTests {
        /// The bugs that show in runs that keep nothing.
        static let bugs = PlantedBug.ofGraphs

        @Test(arguments: bugs)
        func `the simulations find a planted bug, first at the seed that its page names`(_ bug: PlantedBug) throws {
            let found = try #require(BugHunt(bug).found, "no seed finds \(bug)")
            let seed = try PlantedBugPage.seed(of: bug)
            #expect(seed == found.seed, "\(bug) is found first by seed \(found.seed): \(found.complaint)")
        }

        @Test
        func `without a bug the same seeds find nothing`() throws {
            let last = try Self.bugs.map(PlantedBugPage.seed).max() ?? 0
            let found = BugHunt(nil, seeds: Effort.seeds(last + 1, full: 10_000)).found
            #expect(found == nil, "seed \(found?.seed ?? 0): \(found?.complaint ?? "")")
        }
    }
#endif
