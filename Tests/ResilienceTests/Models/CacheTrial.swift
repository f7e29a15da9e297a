import Apus
import ApusTesting

/// A cache that keeps everything that ever happened, and says of an answer whether it may be given.
private struct NaiveCache {
    struct Kept {
        let key: String
        let value: Int
        let tags: [String]
        let end: Int?
        var isVoid = false
    }

    struct Flight {
        let key: String
        let tags: [String]
        var waiting: [UInt64] = []
        var isVoid = false
    }

    var kept: [Kept] = []
    var flights: [UInt64: Flight] = [:]
    /// The keys in the order in which they were last asked for or kept.
    var recent: [String] = []

    /// What the last value kept for a key is, if it is still good.
    func good(_ key: String, _ now: Int) -> Int? {
        guard let last = kept.last(where: { $0.key == key }), !last.isVoid else { return nil }
        return last.end.map({ now < $0 }) ?? true ? last.value : nil
    }

    /// Whether so few other keys were used since that a value must be there still.
    func isRecent(_ key: String, _ limit: Int) -> Bool {
        recent.lastIndex(of: key).map { Set(recent[($0 + 1)...]).count < limit } ?? false
    }

    mutating func forget(_ isMeant: (String, [String]) -> Bool) {
        for place in kept.indices where isMeant(kept[place].key, kept[place].tags) { kept[place].isVoid = true }
        for (number, flight) in flights where isMeant(flight.key, flight.tags) { flights[number]?.isVoid = true }
    }
}

/// A cache and its model, and whom they have told.
private struct CacheCourse {
    static let keys = ["a", "b", "c", "d", "e", "f"]
    let limit: Int
    var machine: CacheMachine
    var model = NaiveCache()
    var now = 0
    var values = 0
    var tickets: UInt64 = 0

    init(limit: Int) { (self.limit, machine) = (limit, CacheMachine(limit: limit)) }

    mutating func ask(_ key: String, _ tags: [String]) -> String? {
        tickets += 1
        let good = model.good(key, now)
        let current = model.flights.first { $0.value.key == key && !$0.value.isVoid }?.key
        switch machine.ask(key, tags: tags, tickets, at: .seconds(now)) {
        case .known(.value(let value)):
            if (value as? Int) != good { return "\(value) is known of \(key), \(good ?? -1) would be right" }
            model.recent.append(key)
        case .known(.failure): return "a failure is known of \(key)"
        case .make(let flight):
            if good != nil, model.isRecent(key, limit / 2) { return "\(key) is made again" }
            if current != nil { return "\(key) is made twice at once" }
            model.flights[flight] = NaiveCache.Flight(key: key, tags: tags)
        case .wait:
            guard let current else { return "\(key) is waited for, and nobody makes it" }
            model.flights[current]?.waiting.append(tickets)
        }
        return nil
    }

    mutating func land(_ number: UInt64, _ flight: NaiveCache.Flight, isFailure: Bool, lifetime: Int?) -> String? {
        values += 1
        let content: CacheContent = isFailure ? .failure(CancellationError()) : .value(values)
        let told = machine.land(
            number, content, lifetime: isFailure ? .zero : lifetime.map { .seconds($0) }, at: .seconds(now))
        if told != flight.waiting { return "\(told) are told instead of \(flight.waiting)" }
        model.flights[number] = nil
        if !isFailure, !flight.isVoid, lifetime != 0 {
            model.kept.append(
                NaiveCache.Kept(key: flight.key, value: values, tags: flight.tags, end: lifetime.map { now + $0 }))
            model.recent.append(flight.key)
        }
        return nil
    }

    mutating func abandon(_ number: UInt64, _ flight: NaiveCache.Flight) -> String? {
        let next = machine.abandon(number)
        if next != flight.waiting.first { return "\(next ?? 0) goes on instead of \(flight.waiting.first ?? 0)" }
        if next == nil { model.flights[number] = nil } else { model.flights[number]?.waiting.removeFirst() }
        return nil
    }

    mutating func withdraw(_ chance: inout SeededGenerator) -> String? {
        guard tickets > 0 else { return nil }
        let ticket = UInt64(1 + chance.below(Int(tickets)))
        let number = model.flights.first { $0.value.waiting.contains(ticket) }?.key
        let key = number.flatMap { model.flights[$0]?.key } ?? chance.pick(Self.keys)
        if machine.withdraw(ticket, from: key) != (number != nil) { return "\(ticket) is withdrawn or not" }
        if let number { model.flights[number]?.waiting.removeAll { $0 == ticket } }
        return nil
    }

    mutating func step(_ chance: inout SeededGenerator) -> String? {
        let key = chance.pick(Self.keys)
        switch chance.below(100) {
        case 0..<15: now += chance.pick([1, 1, 5, 20])
        case 15..<60: return ask(key, chance.happens(50) ? [chance.pick(["x", "y"])] : [])
        case 60..<85:
            guard let number = model.flights.keys.sorted().randomElement(using: &chance),
                let flight = model.flights[number]
            else { return nil }
            if chance.happens(25) { return abandon(number, flight) }
            return land(number, flight, isFailure: chance.happens(25), lifetime: chance.pick([nil, 0, 5, 20]))
        case 85..<92: return withdraw(&chance)
        case 92..<96:
            let tag = chance.pick(["x", "y"])
            machine.forget { _, tags in tags.contains(tag) }
            model.forget { _, tags in tags.contains(tag) }
        default:
            machine.forget { other, _ in other == key }
            model.forget { other, _ in other == key }
        }
        return nil
    }
}

extension Trial {
    static let cache = Trial(name: "cache") { seed in
        var chance = SeededGenerator(seed: seed)
        var course = CacheCourse(limit: 2 * (1 + chance.below(4)))
        for step in 0..<(10 + chance.below(60)) {
            if let complaint = course.step(&chance) { return "step \(step) at \(course.now): \(complaint)" }
            if course.machine.count > course.limit { return "step \(step): \(course.machine.count) are kept" }
        }
        return nil
    }
}
