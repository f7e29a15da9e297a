import Apus
import ApusTesting

/// Triggers on hosts that crash, stand still and start again over one faulty storage, all from one seed.
struct TriggerSimulation: Sendable {
    struct Report: Sendable, CustomStringConvertible {
        var seed: UInt64
        var plan = ""
        var complaints: [String] = []
        var story: [String] = []
        var trace: UInt64 = 0
        var decisions = 0
        var started = 0

        var description: String {
            "seed \(seed): \(complaints.joined(separator: "\n"))\n\(plan)\n\(story.joined(separator: "\n"))"
        }
    }

    let seed: UInt64

    func run() -> Report {
        let simulator = Simulator(seed: seed)
        let seed = seed
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x7216))
        let plans = TriggerPlan.Kind.allCases.map { TriggerPlan($0, &generator) }
        let draw = generator.next()
        var report = Report(seed: seed, plan: "\(plans)")
        let space = Guarded<WatchedStorage?>(nil)
        do {
            try simulator.run(limit: .seconds(3_600), decisions: 200_000) { environment in
                let watched = WatchedStorage(environment, plans)
                space.withLock { $0 = watched }
                let course = TriggerCourse(simulator, watched, plans, environment, seed: draw)
                try await course.run()
            }
        } catch {
            report.complaints.append("\(error)")
        }
        if let watched = space.withLock({ $0 }) {
            report.complaints += watched.complaints
            report.story = watched.story
        }
        report.trace = simulator.trace
        report.decisions = simulator.decisions
        return report
    }
}
