import Apus

/// What one seed makes of a ``DurableSimulation``: how many hosts there are, how they work, and what befalls them.
struct DurablePlan: Sendable, CustomStringConvertible {
    var hosts = 1
    var options = EngineOptions()
    var faults = DiskFaults()
    /// How long things go wrong.
    var trouble = Duration.seconds(10)
    /// The mean time between two blows.
    var pause = 1_000
    /// How far the hosts' calendar clocks are off, at most, in milliseconds.
    var skew = 0
    /// Whether some hosts know another version of the graphs.
    var mixesVersions = false
    /// How often which blow falls.
    var blows: [Blow: Int] = [:]
    /// The longest time for which a host stands still, in milliseconds.
    var standstill = 12_000

    /// What befalls a host or a run.
    enum Blow: String, Sendable, CaseIterable, Comparable {
        case kill, pause, stop, skew, cancel
        /// The calendar clock of a host falls back by a day.
        case jump

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    init() {}

    init(_ generator: inout SeededGenerator) {
        hosts = 1 + generator.below(3)
        options.lease = [.seconds(3), .seconds(6), .seconds(12)][generator.below(3)]
        options.poll = [.milliseconds(250), .seconds(1), .seconds(2)][generator.below(3)]
        options.durability = [.everyStep, .everyStep, .pipelined, .onSuspend][generator.below(4)]
        if generator.below(4) == 0 { options.concurrency = 1 }
        if generator.below(4) == 0 { options.drain = .finish(within: .seconds(1)) }
        options.limits.steps = 20_000
        if generator.below(4) > 0 { faults = .drawn(by: &generator) }
        trouble = .seconds([2, 10, 30][generator.below(3)])
        pause = [50, 300, 2_000][generator.below(3)]
        if generator.below(3) == 0 { skew = Int(options.lease.components.seconds * 400) }
        for blow in Blow.allCases where generator.below(2) == 0 { blows[blow] = 1 + generator.below(4) }
        // A run that is cancelled tests little else.
        if generator.below(3) > 0 { blows[.cancel] = nil }
        if generator.below(3) > 0 { blows[.jump] = nil }
        mixesVersions = hosts > 1 && generator.below(4) == 0
        if generator.below(3) == 0 { options.retention.growth = [0, 0, 500][generator.below(3)] }
        if generator.below(3) == 0 { options.retention.history = .sinceSnapshot }
    }

    /// What falls next.
    func blow(_ generator: inout SeededGenerator) -> Blow? {
        let sum = blows.values.reduce(0, +)
        guard sum > 0 else { return nil }
        var share = generator.below(sum)
        for blow in Blow.allCases {
            share -= blows[blow] ?? 0
            if share < 0 { return blow }
        }
        return nil
    }

    var description: String {
        let blows = blows.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return """
            \(hosts) hosts, lease \(options.lease), poll \(options.poll), \(options.durability), \(options.concurrency) at once, \
            drain \(options.drain), \
            history \(options.retention.history.rawValue) by \(options.retention.growth) bytes; disk: \(faults); trouble for \(trouble), every \(pause) ms one of: \(blows); skew \(skew) ms\
            \(mixesVersions ? "; two versions" : "")
            """
    }
}
