#if DEBUG
    import Apus
    import ApusTesting
    import Testing

    @Suite struct DurableBugTests {
        /// The bugs that show in runs that are written down alone.
        static let bugs = PlantedBug.allCases.filter(\.isOfDurability)

        /// The long simulations hold the page to the seed. Elsewhere another seed will do: a change of the engine moves them, and the page
        /// follows when somebody has time to look for the new ones.
        @Test(arguments: bugs)
        func `a simulation of durable runs finds a planted bug, first at the seed that its page names`(
            _ bug: PlantedBug
        ) throws {
            let seed = try PlantedBugPage.seed(of: bug)
            if !Effort.isFull, complaint(bug, seed) != nil { return }
            let found = try #require((0..<10_000).first { complaint(bug, $0) != nil }, "no seed finds \(bug)")
            if Effort.isFull {
                #expect(seed == found, "\(bug) is found first by seed \(found)")
            } else {
                print("\(bug) is found by seed \(found) now, not by seed \(seed)")
            }
        }

        @Test
        func `without a bug those seeds of durable runs find nothing`() throws {
            for seed in Set(try Self.bugs.map(PlantedBugPage.seed)).sorted() {
                let complaint = complaint(nil, seed)
                #expect(complaint == nil, "seed \(seed): \(complaint ?? "")")
            }
        }

        private func complaint(_ bug: PlantedBug?, _ seed: UInt64) -> String? {
            PlantedBug.$current.withValue(bug) {
                DurableSimulation(seed: seed) { try RecipeWorkload.drawn(by: seed, $0, $1) }.run().complaints.first
            }
        }
    }
#endif
