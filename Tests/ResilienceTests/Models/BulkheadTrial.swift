import Apus
import ApusTesting

/// A bulkhead that keeps those who wait in a list.
private struct NaiveBulkhead {
    let places: Int
    let queue: Int
    var inside = 0
    var line: [(ticket: UInt64, priority: Int)] = []

    mutating func enter(_ ticket: UInt64, _ priority: Int) -> Turnstile.Entrance {
        if inside < places {
            inside += 1
            return .admitted
        }
        if line.count >= queue { return .full }
        line.append((ticket, priority))
        return .waits
    }

    mutating func leave() -> UInt64? {
        guard let best = line.map(\.priority).max(), let place = line.firstIndex(where: { $0.priority == best })
        else {
            inside -= 1
            return nil
        }
        return line.remove(at: place).ticket
    }

    mutating func withdraw(_ ticket: UInt64) -> Bool {
        guard let place = line.firstIndex(where: { $0.ticket == ticket }) else { return false }
        line.remove(at: place)
        return true
    }
}

extension Trial {
    static let bulkhead = Trial(name: "bulkhead") { seed in
        var chance = SeededGenerator(seed: seed)
        let (places, queue) = (1 + chance.below(4), chance.below(5))
        var machine = Turnstile(capacity: places, queue: queue)
        var model = NaiveBulkhead(places: places, queue: queue)
        for step in 0..<(10 + chance.below(80)) {
            let ticket = UInt64(step)
            switch chance.below(100) {
            case 0..<50:
                let priority = chance.happens(70) ? 0 : chance.below(3)
                let (one, other) = (machine.enter(ticket, priority: priority), model.enter(ticket, priority))
                if one != other { return "step \(step): \(one) instead of \(other)" }
            case 50..<85 where model.inside > 0:
                if machine.inside == 0 { return "step \(step): nobody is inside" }
                let (one, other) = (machine.leave(), model.leave())
                if one != other { return "step \(step): \(one ?? 0) is next instead of \(other ?? 0)" }
            case 85... where step > 0:
                let other = UInt64(chance.below(step))
                if machine.withdraw(other) != model.withdraw(other) { return "step \(step): withdrawn or not" }
            default: break
            }
            if machine.inside != model.inside || machine.waiting != model.line.count {
                return "step \(step): \(machine.inside) inside and \(machine.waiting) waiting"
            }
        }
        return nil
    }
}
