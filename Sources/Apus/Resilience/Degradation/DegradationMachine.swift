/// Decides at which level a system is, as a plain value: readings go in with the moment they were taken, changes come out.
///
/// A level below ``DegradationLevel/critical`` begins at once when it is asked for; the others wait at ``DegradationLevel/limited`` for a
/// confirmation. The level is lowered by one when everything that asked for it has been well below its threshold for the policy's
/// dwell. Moments are readings of a monotonic clock.
public struct DegradationMachine: Sendable {
    public let policy: DegradationPolicy
    public private(set) var level = DegradationLevel.normal
    /// The level that waits for a confirmation.
    public private(set) var wanted: DegradationLevel?
    /// What a person ordered; the level does not fall below it.
    public private(set) var ordered: DegradationLevel?
    private var wantedSince = Duration.zero
    /// What was declined, and is not asked for again before it was over.
    private var declined: DegradationLevel?
    /// Since when nothing asks for the level any more.
    private var calmSince: Duration?
    private var calls: CallWindow
    private var readings: [String: (value: Double, at: Duration)] = [:]
    private var down: Set<String> = []
    private let planted = Planted()

    public init(_ policy: DegradationPolicy) {
        self.policy = policy
        calls = CallWindow(
            slice: policy.slice, count: DegradationPolicy.slices, keepsDurations: !policy.latency.isEmpty)
    }

    /// Time has passed.
    public mutating func tick(at now: Duration) -> [DegradationEvent] {
        calls.advance(to: now)
        return decide(now)
    }

    public mutating func called(
        succeeded: Bool, took duration: Duration, at now: Duration
    ) -> [DegradationEvent] {
        calls.advance(to: now)
        calls.add(succeeded: succeeded, took: duration)
        return decide(now)
    }

    /// A reading of a resource that the policy names.
    public mutating func read(_ resource: String, _ value: Double, at now: Duration) -> [DegradationEvent] {
        if policy.resources[resource] != nil { readings[resource] = (value, now) }
        return tick(at: now)
    }

    /// A dependency that the policy names is down or up again.
    public mutating func dependency(_ name: String, isUp: Bool, at now: Duration) -> [DegradationEvent] {
        if isUp { down.remove(name) } else { down.insert(name) }
        return tick(at: now)
    }

    /// Lets the level begin that waits for it.
    public mutating func confirm(_ reason: String, at now: Duration) -> [DegradationEvent] {
        var events = tick(at: now)
        guard let level = wanted else { return events }
        wanted = nil
        events += change(to: level, reason)
        return events + decide(now)
    }

    /// The level that waits for it does not begin before it is asked for anew.
    public mutating func decline(at now: Duration) -> [DegradationEvent] {
        var events = tick(at: now)
        guard let level = wanted else { return events }
        (wanted, declined) = (nil, level)
        events.append(.withdrawn(level))
        return events
    }

    /// A person sets the least level, which begins at once and needs no confirmation; `nil` takes that back.
    public mutating func order(
        _ level: DegradationLevel?, _ reason: String, at now: Duration
    ) -> [DegradationEvent] {
        ordered = level
        var events: [DegradationEvent] = []
        if let level, level > self.level { events = change(to: level, reason) }
        return events + tick(at: now)
    }

    /// When to tick at the latest; `nil` if nothing changes without a reading.
    public func next(after now: Duration) -> Duration? {
        guard level > .normal || wanted != nil else { return nil }
        var moments = [now + policy.slice]
        if let calmSince { moments.append(calmSince + policy.dwell) }
        if case .after(let time) = policy.confirmation, wanted != nil { moments.append(wantedSince + time) }
        return moments.filter { $0 > now }.min()
    }
}

extension DegradationMachine {
    private mutating func decide(_ now: Duration) -> [DegradationEvent] {
        let (asked, why) = demand(at: now, share: 1)
        var events: [DegradationEvent] = []
        let free = min(asked, planted(.confirmationSkipped) ? .maintenance : .limited)
        if free > level { events += change(to: free, why) }
        events += ask(for: asked, why, now)
        let held = max(demand(at: now, share: 1 - policy.hysteresis).level, ordered ?? .normal)
        guard level > held else {
            calmSince = nil
            return events
        }
        let since = calmSince ?? now
        calmSince = since
        guard now - since >= (planted(.levelFlaps) ? .zero : policy.dwell) else { return events }
        events += change(to: level.lowered(by: 1), "all was well for \(policy.dwell)")
        calmSince = level > held ? now : nil
        return events
    }

    /// Asks for a confirmation, or takes the question back.
    private mutating func ask(
        for asked: DegradationLevel, _ why: String, _ now: Duration
    ) -> [DegradationEvent] {
        if let level = declined, asked < level { declined = nil }
        guard asked.isConfirmed, asked > level, asked > declined ?? .normal else {
            defer { wanted = nil }
            return wanted.map { [.withdrawn($0)] } ?? []
        }
        let isNew = wanted.map { asked > $0 } ?? true
        if isNew { wantedSince = now }
        wanted = asked
        var events: [DegradationEvent] = isNew ? [.needsConfirmation(asked, reason: why)] : []
        if case .after(let time) = policy.confirmation, now - wantedSince >= time {
            wanted = nil
            events += change(to: asked, why)
        }
        return events
    }

    private mutating func change(to next: DegradationLevel, _ why: String) -> [DegradationEvent] {
        let before = level
        (level, calmSince) = (next, nil)
        return before == next ? [] : [.changed(from: before, to: next, reason: why)]
    }

    /// The highest level that anything asks for whose value is at least this share of its threshold, and what asks.
    private func demand(at now: Duration, share: Double) -> (level: DegradationLevel, reason: String) {
        var most = (level: DegradationLevel.normal, reason: "")
        func ask(_ level: DegradationLevel?, _ reason: @autoclosure () -> String) {
            if let level, level > most.level { most = (level, reason()) }
        }
        if calls.calls >= max(1, policy.minimumCalls) {
            let rate = calls.errorRate
            ask(Self.reached(rate, policy.errorRate, share), "\(Int((rate * 100).rounded())) % of calls failed")
            if !policy.latency.isEmpty {
                let p99 = calls.p99
                ask(
                    Self.reached(p99 / .seconds(1), policy.latency.mapValues { $0 / .seconds(1) }, share),
                    "the slowest hundredth of calls took \(p99)")
            }
        }
        for name in readings.keys.sorted() {
            guard let reading = readings[name], now - reading.at < policy.window else { continue }
            ask(Self.reached(reading.value, policy.resources[name] ?? [:], share), "\(name) is at \(reading.value)")
        }
        for name in down.sorted() { ask(policy.dependencies[name], "\(name) is down") }
        return most
    }

    /// The highest level whose threshold a value has reached.
    private static func reached(
        _ value: Double, _ thresholds: [DegradationLevel: Double], _ share: Double
    ) -> DegradationLevel? {
        DegradationLevel.allCases.last { level in thresholds[level].map { value >= $0 * share } ?? false }
    }
}
