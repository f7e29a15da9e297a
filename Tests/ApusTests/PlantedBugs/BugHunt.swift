#if DEBUG
    import Apus

    /// Simulates generated graphs with a bug in the engine, one seed after the other, until one run differs from what the laws say.
    struct BugHunt {
        /// The first seed that finds the bug, and how.
        private(set) var found: (seed: UInt64, complaint: String)?

        /// - Parameter bug: `nil` for an engine as it is.
        init(_ bug: PlantedBug?, seeds: Range<UInt64> = 0..<10_000) {
            for seed in seeds where found == nil {
                let trial = PlantedBug.$current.withValue(bug) { EngineTrial(seed: seed) }
                found = trial.complaints.first.map { (seed, $0) }
            }
        }
    }
#endif
