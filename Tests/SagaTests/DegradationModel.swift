import Apus

/// What ``DegradationMachine`` is to do, said as simply as possible: it keeps all that ever happened and looks through it each time.
struct DegradationModel {
    let policy: DegradationPolicy
    private(set) var level = 0
    private(set) var wanted: Int?
    private var calls: [(slice: Int, succeeded: Bool, took: Duration)] = []
    private var readings: [String: (value: Double, at: Duration)] = [:]
    private var down: Set<String> = []
    private var ordered = 0
    private var wantedSince = Duration.zero
    private var declined: Int?
    private var calm: Duration?
    private var newest = 0

    init(_ policy: DegradationPolicy) { self.policy = policy }

    /// One input; returns the levels that were gone to.
    mutating func take(_ input: DegradationInput, at now: Duration) -> [Int] {
        newest = max(newest, Int(now / (policy.window / 12)))
        calls.removeAll { $0.slice <= newest - 12 }
        var path: [Int] = []
        switch input {
        case .tick: break
        case .call(let succeeded, let took): calls.append((newest, succeeded, took))
        case .reading(let name, let value): if policy.resources[name] != nil { readings[name] = (value, now) }
        case .dependency(let name, let isUp): if isUp { down.remove(name) } else { down.insert(name) }
        case .confirm, .decline: break
        case .order(let order):
            ordered = order ?? 0
            if ordered > level { go(to: ordered, &path) }
        }
        decide(now, &path)
        if case .confirm = input, let level = wanted {
            wanted = nil
            go(to: level, &path)
            decide(now, &path)
        }
        if case .decline = input, wanted != nil { (wanted, declined) = (nil, wanted) }
        return path
    }

    private mutating func go(to next: Int, _ path: inout [Int]) {
        if next != level { path.append(next) }
        (level, calm) = (next, nil)
    }

    private mutating func decide(_ now: Duration, _ path: inout [Int]) {
        let asked = demand(now, 1)
        if min(asked, 2) > level { go(to: min(asked, 2), &path) }
        if let level = declined, asked < level { declined = nil }
        if asked >= 3, asked > level, asked > declined ?? 0 {
            if asked > wanted ?? 0 { wantedSince = now }
            wanted = asked
            if case .after(let time) = policy.confirmation, now - wantedSince >= time {
                wanted = nil
                go(to: asked, &path)
            }
        } else {
            wanted = nil
        }
        let held = max(demand(now, 1 - policy.hysteresis), ordered)
        guard level > held else { return calm = nil }
        if calm == nil { calm = now }
        guard let since = calm, now - since >= policy.dwell else { return }
        go(to: level - 1, &path)
        if level > held { calm = now }
    }

    private func demand(_ now: Duration, _ share: Double) -> Int {
        var most = 0
        for level in DegradationLevel.allCases {
            var isAsked = down.contains { policy.dependencies[$0] == level }
            for (name, reading) in readings where now - reading.at < policy.window {
                if let limit = policy.resources[name]?[level], reading.value >= limit * share { isAsked = true }
            }
            if calls.count >= max(1, policy.minimumCalls) {
                let rate = Double(calls.count { !$0.succeeded }) / Double(calls.count)
                if let limit = policy.errorRate[level], rate >= limit * share { isAsked = true }
                if let limit = policy.latency[level], p99 / .seconds(1) >= limit / .seconds(1) * share {
                    isAsked = true
                }
            }
            if isAsked { most = level.rawValue }
        }
        return most
    }

    /// The duration at the 99th of a hundred places, rounded up to a quarter of its power of two.
    private var p99: Duration {
        let sorted = calls.map(\.took).sorted()
        let value = Int(sorted[Int((Double(sorted.count) * 0.99).rounded(.up)) - 1] / .microseconds(1))
        var power = 4
        while power * 2 <= value { power *= 2 }
        let quarter = power / 4
        return .microseconds(max(5, (value / quarter + 1) * quarter))
    }
}

/// What can happen to a degradation.
enum DegradationInput {
    case tick
    case call(Bool, Duration)
    case reading(String, Double)
    case dependency(String, Bool)
    case confirm
    case decline
    case order(Int?)
}
