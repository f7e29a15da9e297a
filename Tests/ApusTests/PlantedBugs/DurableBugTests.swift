#if DEBUG
    import Apus
    import ApusTesting
    import AsideKit
    import Testing

    @Suite(.aside) struct DurableBugTests {
        /// The bugs that show in runs that are written down alone.
        static let bugs = PlantedBug.ofDurability

        /// The long simulations hold the page to the seed. Elsewhere any of the first seeds will do, and not each bug has to be found: a
        /// change of the engine moves the seeds, and the page follows when there is time to look for the new ones.
        @Test(.enabled(if: Effort.isFull), arguments: bugs)
        func `a simulation of durable runs finds a planted bug first at the seed that its page names`(
            _ bug: PlantedBug
        ) throws {
            let found = (0..<30_000).first { complaint(bug, $0) != nil }
            #expect(
                found == (try PlantedBugPage.seed(of: bug)), "\(bug) is found by \(found.map(String.init) ?? "no seed")"
            )
        }

        @Test
        func `few simulations of durable runs find most of the planted bugs`() throws {
            let missed = try Self.bugs.filter { bug in
                let page = try PlantedBugPage.seed(of: bug)
                return !([page] + (0..<40)).contains { complaint(bug, $0) != nil }
            }
            #expect(Self.bugs.count - missed.count >= 25, "not found: \(missed)")
        }

        @Test
        func `without a bug those seeds of durable runs find nothing`() throws {
            for seed in Set(try Self.bugs.map(PlantedBugPage.seed)).sorted() {
                let complaint = complaint(nil, seed)
                #expect(complaint == nil, "seed \(seed): \(complaint ?? "")")
            }
        }

        /// A bug may keep a run from ever ending, which is a finding too. Simulations without one take some thousand decisions; that those
        /// of the page stay below the bound is what the test without a bug shows.
        private func complaint(_ bug: PlantedBug?, _ seed: UInt64) -> String? {
            PlantedBug.$current.withValue(bug) {
                let simulation = DurableSimulation(seed: seed, decisions: 20_000) { outside, options in
                    try RecipeWorkload.drawn(by: seed, outside, options)
                }
                return simulation.run().complaints.first
            }
        }
    }
#endif
