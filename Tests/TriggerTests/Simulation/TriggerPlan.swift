import Apus
import ApusTesting

/// A trigger of a simulation, as a seed draws it.
struct TriggerPlan: Sendable {
    enum Kind: Sendable, CaseIterable {
        /// It has a schedule.
        case tick
        /// It reads a log, and has positions.
        case feed
        /// It is fired by hand, and has none.
        case hook
    }

    let kind: Kind
    let policy: TriggerPolicy
    let schedule: Schedule?
    var name: String { "\(kind)" }

    init(_ kind: Kind, _ generator: inout SeededGenerator) {
        self.kind = kind
        let bound = 1 + generator.below(3)
        let misfires: [TriggerPolicy.Misfire] = [.skip, .runOnce, .runAll(upTo: bound), .runAll(upTo: 1_000)]
        let overlaps: [TriggerPolicy.Overlap] = [.allow, .skip, .queue(upTo: bound), .cancelOlder]
        var policy = TriggerPolicy(
            misfire: misfires[generator.below(4)], overlap: overlaps[generator.below(4)],
            jitter: generator.below(2) == 0 ? .zero : .milliseconds(1 + generator.below(6_000)))
        policy.tolerance = .milliseconds(2_000 + generator.below(4_000))
        self.policy = policy
        let period = Duration.milliseconds(700 + generator.below(7_000))
        schedule = kind == .tick ? .every(period, from: WallTime(milliseconds: 17)) : nil
    }

    /// The firing that a run is of.
    static func firing(of run: RunID) -> (trigger: String, id: String)? {
        let parts = run.value.split(separator: "@", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}
