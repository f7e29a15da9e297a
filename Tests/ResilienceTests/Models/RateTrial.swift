import Apus
import ApusTesting

/// One key of a rate limit. Times are seconds.
private protocol NaiveRate {
    /// When so much may happen, without counting it; `nil` if never.
    func moment(_ amount: Int, _ now: Int) -> Int?
    mutating func count(_ amount: Int, at moment: Int, _ now: Int)
    mutating func giveBack(_ amount: Int, countedFor moment: Int, _ now: Int)
    func isAtRest(_ now: Int) -> Bool
}

/// A bucket that keeps how much is in it, in seconds of filling.
private struct NaiveBucket: NaiveRate {
    let interval: Int
    let burst: Int
    var level: Int
    var filled = 0

    init(_ interval: Int, _ burst: Int) { (self.interval, self.burst, level) = (interval, burst, interval * burst) }

    func level(_ now: Int) -> Int { min(interval * burst, level + now - filled) }

    func moment(_ amount: Int, _ now: Int) -> Int? { now + max(0, min(amount, burst) * interval - level(now)) }

    mutating func count(_ amount: Int, at moment: Int, _ now: Int) {
        (level, filled) = (level(now) - amount * interval, now)
    }

    mutating func giveBack(_ amount: Int, countedFor moment: Int, _ now: Int) {
        (level, filled) = (level(now) + amount * interval, now)
    }

    func isAtRest(_ now: Int) -> Bool { level(now) == interval * burst }
}

/// A window that keeps the moment of everything that ever happened, and counts each time.
private struct NaiveWindow: NaiveRate {
    let count: Int
    let period: Int
    var moments: [Int] = []

    func moment(_ amount: Int, _ now: Int) -> Int? {
        if amount > count { return nil }
        let first = max(now, moments.last ?? now)
        let candidates = [first] + moments.map { $0 + period }.filter { $0 > first }.sorted()
        return candidates.first { candidate in
            moments.count { $0 > candidate - period && $0 <= candidate } + amount <= count
        }
    }

    mutating func count(_ amount: Int, at moment: Int, _ now: Int) {
        moments += Array(repeating: moment, count: amount)
    }

    mutating func giveBack(_ amount: Int, countedFor moment: Int, _ now: Int) {
        for _ in 0..<amount { if let place = moments.lastIndex(of: moment) { moments.remove(at: place) } }
    }

    func isAtRest(_ now: Int) -> Bool { moments.allSatisfy { $0 + period <= now } }
}

/// What may be given back.
private struct Taken {
    let seat: RateTable.Seat
    let amount: Int
    let moment: Int
}

/// The keys of a limiter, each with its naive machine.
private struct NaiveTable {
    let fresh: any NaiveRate
    let bound: Int
    let period: Int
    var common: any NaiveRate
    var strangers: any NaiveRate
    var keyed: [String: any NaiveRate] = [:]
    var lastSweep: Int?

    init(_ fresh: any NaiveRate, bound: Int, period: Int) {
        (self.fresh, self.bound, self.period, common, strangers) = (fresh, bound, period, fresh, fresh)
    }

    /// When it may happen, and counts it if that is soon enough.
    mutating func take(_ amount: Int, _ key: String?, _ now: Int, _ patience: Int) -> (moment: Int?, RateTable.Seat) {
        func decide(_ rate: inout any NaiveRate) -> Int? {
            guard let moment = rate.moment(amount, now) else { return nil }
            if moment - now <= patience { rate.count(amount, at: moment, now) }
            return moment
        }
        guard let key else { return (decide(&common), .common) }
        if keyed[key] == nil, keyed.count >= bound, lastSweep.map({ now >= $0 + period }) ?? true {
            lastSweep = now
            for (key, rate) in keyed where rate.isAtRest(now) { keyed[key] = nil }
        }
        if keyed[key] == nil, keyed.count >= bound { return (decide(&strangers), .strangers) }
        var rate = keyed[key] ?? fresh
        defer { keyed[key] = rate }
        return (decide(&rate), .key(key))
    }

    mutating func giveBack(_ taken: Taken, _ now: Int) {
        switch taken.seat {
        case .common: common.giveBack(taken.amount, countedFor: taken.moment, now)
        case .strangers: strangers.giveBack(taken.amount, countedFor: taken.moment, now)
        case .key(let key): keyed[key]?.giveBack(taken.amount, countedFor: taken.moment, now)
        }
    }
}

extension Trial {
    static let bucket = Trial(name: "token bucket") { seed in
        var chance = SeededGenerator(seed: seed)
        let (count, interval, burst) = (1 + chance.below(5), 1 + chance.below(4), 1 + chance.below(6))
        let limit = RateLimit.bucket(count, per: .seconds(count * interval), burst: burst)
        let model = NaiveTable(NaiveBucket(interval, burst), bound: 3, period: count * interval)
        return complaint(limit, model, keys: [nil], &chance)
    }

    static let window = Trial(name: "sliding window") { seed in
        var chance = SeededGenerator(seed: seed)
        let (count, period) = (1 + chance.below(5), 1 + chance.below(12))
        let model = NaiveTable(NaiveWindow(count: count, period: period), bound: 3, period: period)
        return complaint(.window(count, per: .seconds(period)), model, keys: [nil], &chance)
    }

    static let keys = Trial(name: "keys of a limiter") { seed in
        var chance = SeededGenerator(seed: seed)
        let (count, period, bound) = (1 + chance.below(3), 2 + chance.below(9), 1 + chance.below(3))
        let isWindow = chance.happens(50)
        let interval = isWindow ? 1 : period
        let limit: RateLimit =
            isWindow ? .window(count, per: .seconds(period)) : .bucket(count, per: .seconds(count * interval))
        let naive: any NaiveRate = isWindow ? NaiveWindow(count: count, period: period) : NaiveBucket(interval, count)
        let model = NaiveTable(naive, bound: bound, period: isWindow ? period : count * interval)
        return complaint(limit, model, keys: ["a", "b", "c", "d", "e", nil], &chance)
    }

    private static func complaint(
        _ limit: RateLimit, _ model: NaiveTable, keys: [String?], _ chance: inout SeededGenerator
    ) -> String? {
        var (table, model) = (RateTable(limit, keys: model.bound), model)
        var (now, taken) = (chance.below(1_000), [Taken]())
        for step in 0..<(10 + chance.below(50)) {
            let place = "step \(step) at \(now)"
            switch chance.below(100) {
            case 0..<35: now += chance.pick([0, 1, 1, 2, 3, 7, 30])
            case 35..<90:
                let (amount, patience) = (chance.happens(70) ? 1 : 1 + chance.below(6), chance.pick([0, 0, 3, 1_000]))
                let key = chance.pick(keys)
                let (moment, other) = model.take(amount, key, now, patience)
                let (decision, seat) = table.take(amount, key: key, at: .seconds(now), patience: .seconds(patience))
                let expected: RateMachine.Decision
                switch moment {
                case nil: expected = .impossible
                case let moment? where moment - now <= patience:
                    expected = .admitted(after: .seconds(moment - now))
                    taken.append(Taken(seat: seat, amount: amount, moment: moment))
                case let moment?: expected = .refused(retryAfter: .seconds(moment - now))
                }
                if seat != other { return "\(place): counted at \(seat) instead of \(other)" }
                if decision != expected { return "\(place): \(decision) instead of \(expected)" }
            default:
                // Who waits may be cancelled.
                taken.removeAll { $0.moment <= now }
                guard !taken.isEmpty else { continue }
                let one = taken.remove(at: chance.below(taken.count))
                table.giveBack(one.amount, at: one.seat, countedFor: .seconds(one.moment))
                model.giveBack(one, now)
            }
            if table.keyCount != model.keyed.count { return "\(place): \(table.keyCount) keys" }
        }
        return nil
    }
}
