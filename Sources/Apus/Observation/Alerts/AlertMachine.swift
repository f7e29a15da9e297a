/// Decides about one ``AlertRule`` from one value after the other.
///
/// It says that a condition began to hold once it has for the rule's patience, reminds where the rule wants it, and says when it is
/// over, but only of what it told before. Under a silence it keeps watching and says nothing; what still holds afterwards is told
/// then.
public struct AlertMachine: Sendable {
    public let rule: AlertRule
    private let planted = Planted()
    private var history = AlertHistory()
    private var since: Instant?
    private var sinceTime: WallTime?
    private var told: Instant?
    private var value: Double?

    public init(_ rule: AlertRule) { self.rule = rule }

    /// Whether somebody was told that the condition holds, and not yet that it is over.
    public var isFiring: Bool { told != nil }

    /// Whether the condition holds, though it may not have for long enough.
    public var isPending: Bool { since != nil && told == nil }

    /// Takes a value in, `nil` where there is none; returns what somebody is to be told.
    public mutating func take(_ sample: Double?, at now: Instant, isSilenced: Bool = false) -> AlertNotice? {
        let holds = history.holds(rule.condition, sample, at: now)
        value = sample
        guard holds else { return end(at: now, isSilenced) }
        let begun = since ?? now
        if since == nil { (since, sinceTime) = (now, now.wallTime) }
        let patience = planted(.alertWithoutPatience) ? .zero : rule.patience
        guard begun.duration(to: now) >= patience, !isSilenced || planted(.silenceBroken) else { return nil }
        guard let last = told else {
            told = now
            return notice(.firing, now)
        }
        guard let reminder = rule.reminder, last.duration(to: now) >= reminder else { return nil }
        told = now
        return notice(.stillFiring, now)
    }

    private mutating func end(at now: Instant, _ isSilenced: Bool) -> AlertNotice? {
        // What was told and is over in a silence is told when the silence is over.
        if told != nil, isSilenced {
            return nil
        }
        defer { (since, sinceTime, told) = (nil, nil, nil) }
        return told == nil || planted(.recoveryUntold) ? nil : notice(.recovered, now)
    }

    private func notice(_ kind: AlertNotice.Kind, _ now: Instant) -> AlertNotice {
        AlertNotice(
            rule: rule.name, kind: kind, severity: rule.severity, summary: rule.summary, value: value,
            since: sinceTime ?? now.wallTime, time: now.wallTime)
    }
}

/// The values that a condition looks back on.
struct AlertHistory: Sendable, Equatable {
    private struct Sample: Sendable, Equatable {
        var instant: Instant
        var value: Double
    }

    private var samples: [Sample] = []
    private var first: Instant?
    private var changed: Instant?
    private var last: Double?

    mutating func holds(_ condition: AlertRule.Condition, _ value: Double?, at now: Instant) -> Bool {
        defer { last = value }
        switch condition {
        case .above(let limit): return value.map { $0 > limit } ?? false
        case .below(let limit): return value.map { $0 < limit } ?? false
        case .rateAbove(let limit, let window):
            guard let value else { return false }
            keep(value, now, window)
            return rate(at: now).map { $0 > limit } ?? false
        case .absent(let time):
            if value != nil, value != last { changed = now }
            let from = changed ?? first ?? now
            if first == nil { first = now }
            return from.duration(to: now) >= time
        case .deviates(let deviations, let window, let least):
            guard let value, value.isFinite else { return false }
            drop(before: now, window)
            defer { samples.append(Sample(instant: now, value: value)) }
            return deviates(value, deviations, least)
        }
    }

    private mutating func keep(_ value: Double, _ now: Instant, _ window: Duration) {
        drop(before: now, window)
        samples.append(Sample(instant: now, value: value))
    }

    private mutating func drop(before now: Instant, _ window: Duration) {
        samples.removeAll { $0.instant.duration(to: now) > window }
    }

    private func rate(at now: Instant) -> Double? {
        guard let start = samples.first, start.instant < now else { return nil }
        var growth = 0.0
        for (before, after) in zip(samples, samples.dropFirst()) {
            growth += after.value >= before.value ? after.value - before.value : after.value
        }
        return growth / start.instant.duration(to: now).seconds
    }

    private func deviates(_ value: Double, _ deviations: Double, _ least: Double) -> Bool {
        guard samples.count >= 10 else { return false }
        let mean = samples.reduce(0) { $0 + $1.value } / Double(samples.count)
        let variance = samples.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / Double(samples.count)
        return abs(value - mean) > max(deviations * variance.squareRoot(), least)
    }
}
