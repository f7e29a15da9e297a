import Apus
import ApusTesting

/// A circuit breaker that keeps every result with its time, and counts anew each time.
private struct NaiveBreaker {
    enum Phase: Equatable { case closed, open(until: Int), halfOpen }

    let trip: BreakerPolicy.Trip
    let openTime: Int
    let probes: Int
    /// Results of the calls that were admitted in the phase that lasts.
    var results: [(time: Int, isFailure: Bool)] = []
    var phase = Phase.closed
    var forced: BreakerState?
    var openings = 0
    var number = 0
    /// The calls under way, by the phase that admitted them.
    var underWay: [Int: Int] = [:]
    var calls = 0

    mutating func enter(_ phase: Phase) {
        self.phase = phase
        number += 1
        results = []
    }

    /// The number of the call, or when to come again.
    mutating func admit(_ now: Int) -> (call: Int?, retry: Int?) {
        if forced == .forcedOpen { return (nil, nil) }
        if forced == nil {
            if case .open(let until) = phase {
                if now < until { return (nil, until - now) }
                enter(.halfOpen)
            }
            if phase == .halfOpen {
                let taken = underWay.values.count { $0 == number } + results.count
                if taken >= probes { return (nil, nil) }
            }
        }
        calls += 1
        underWay[calls] = number
        return (calls, nil)
    }

    mutating func end(_ call: Int, _ verdict: BreakerMachine.Verdict, _ now: Int) {
        let isCurrent = underWay.removeValue(forKey: call) == number
        guard isCurrent, forced == nil, verdict != .nothing else { return }
        results.append((now, verdict == .failure))
        if phase == .halfOpen {
            if verdict == .failure { return open(now) }
            if results.count == probes {
                openings = 0
                enter(.closed)
            }
        } else if isOverRate(now) {
            open(now)
        }
    }

    private func isOverRate(_ now: Int) -> Bool {
        switch trip {
        case .consecutive(let count): return results.suffix(count).count(where: \.isFailure) == count
        case .rate(let share, let window, let minimum):
            let tenth = Int(window.components.seconds) / 10
            let recent = results.filter { $0.time / tenth > now / tenth - 10 }
            let failures = recent.count(where: \.isFailure)
            return recent.count >= minimum && failures > 0 && Double(failures) >= share * Double(recent.count)
        }
    }

    private mutating func open(_ now: Int) {
        openings += 1
        var time = openTime
        for _ in 1..<openings { time = min(40, time * 2) }
        enter(.open(until: now + min(40, time)))
    }

    mutating func force(_ state: BreakerState?) {
        if state == forced { return }
        openings = 0
        forced = state
        enter(.closed)
    }

    var state: BreakerState {
        if let forced { return forced }
        switch phase {
        case .closed: return .closed
        case .open: return .open
        case .halfOpen: return .halfOpen
        }
    }
}

extension Trial {
    static let breaker = Trial(name: "circuit breaker") { seed in
        var chance = SeededGenerator(seed: seed)
        let count = 1 + chance.below(3)
        let isRate = chance.happens(50)
        let trip =
            isRate
            ? BreakerPolicy.Trip.rate(chance.pick([0.3, 0.5, 1]), over: .seconds(20), minimum: count + 1)
            : .consecutive(count)
        let (openTime, probes) = (2 + chance.below(12), 1 + chance.below(3))
        var machine = BreakerMachine(
            BreakerPolicy(
                trip: trip, openTime: .seconds(openTime), factor: 2, openLimit: .seconds(40), probes: probes))
        var model = NaiveBreaker(trip: trip, openTime: openTime, probes: probes)
        var calls: [(permit: BreakerMachine.Permit, number: Int)] = []
        var now = chance.below(50)
        for step in 0..<(10 + chance.below(60)) {
            let place = "step \(step) at \(now)"
            switch chance.below(100) {
            case 0..<25: now += chance.pick([0, 1, 1, 2, 3, openTime, 20, 45])
            case 25..<60:
                let (call, retry) = model.admit(now)
                switch machine.admit(at: .seconds(now)) {
                case .admitted(let permit):
                    guard let call else { return "\(place): admitted, and should not be" }
                    calls.append((permit, call))
                case .refused(let after):
                    guard call == nil else { return "\(place): refused, and should not be" }
                    if after != retry.map({ .seconds($0) }) { return "\(place): retry after \(after ?? .zero)" }
                }
            case 60..<98 where !calls.isEmpty:
                let (permit, call) = calls.remove(at: chance.below(calls.count))
                let verdict = chance.pick([.success, .failure, .failure, .nothing] as [BreakerMachine.Verdict])
                machine.end(permit, verdict, at: .seconds(now))
                model.end(call, verdict, now)
            case 98...:
                let state = chance.pick([BreakerState.forcedOpen, .forcedClosed, nil, nil])
                machine.force(state)
                model.force(state)
            default: break
            }
            if machine.state != model.state { return "\(place): \(machine.state) instead of \(model.state)" }
        }
        return nil
    }
}
