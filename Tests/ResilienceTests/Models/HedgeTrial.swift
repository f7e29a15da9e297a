import Apus
import ApusTesting

extension Trial {
    /// The model is the list of what became of each request.
    static let hedge = Trial(name: "hedge") { seed in
        var chance = SeededGenerator(seed: seed)
        let limit = 1 + chance.below(4)
        var machine = HedgeMachine(requests: limit)
        // `nil` is under way, otherwise whether it was an answer.
        var requests: [Bool?] = []
        var firstFailure: Int?
        var result: HedgeMachine.Next?
        if machine.begin() != .send(0) { return "the first request is not sent" }
        requests.append(nil)
        for step in 0..<(1 + chance.below(12)) {
            let open = requests.indices.filter { requests[$0] == .some(nil) }
            if chance.happens(40) || open.isEmpty {
                let isAffordable = chance.happens(60)
                let mayGrow = result == nil && requests.count < limit && !open.isEmpty && isAffordable
                let expected: HedgeMachine.Next = mayGrow ? .send(requests.count) : .wait
                let next = machine.wake(isAffordable: isAffordable)
                if next != expected { return "step \(step): \(next) instead of \(expected)" }
                if mayGrow { requests.append(nil) }
            } else {
                let (number, isAnswer) = (chance.pick(open), chance.happens(40))
                requests[number] = isAnswer
                if !isAnswer, firstFailure == nil { firstFailure = number }
                var expected = HedgeMachine.Next.wait
                if result == nil, isAnswer { expected = .take(number) }
                if result == nil, !isAnswer, open.count == 1 { expected = .fail(firstFailure ?? number) }
                if expected != .wait { result = expected }
                let next = machine.ended(number, isAnswer: isAnswer)
                if next != expected { return "step \(step): \(next) instead of \(expected)" }
            }
        }
        return nil
    }

    /// The model keeps all times, and every call and request.
    static let latencies = Trial(name: "delay and share of hedges") { seed in
        var chance = SeededGenerator(seed: seed)
        let share = chance.pick([0, 0.5, 0.9, 0.95, 1])
        var window = LatencyWindow(share)
        var budget = HedgeShare(0.25)
        var (times, expected, saved) = ([Duration](), Duration?.none, 1.0)
        for step in 0..<(1 + chance.below(260)) {
            let time = Duration.milliseconds(chance.below(50))
            window.add(time)
            times.append(time)
            if times.count.isMultiple(of: 10) {
                // The smallest that enough of the last hundred do not exceed.
                let last = times.suffix(100)
                expected = last.sorted().first { one in
                    Double(last.count { $0 <= one }) >= share * Double(last.count)
                }
            }
            if window.percentile != expected { return "step \(step): \(window.percentile ?? .zero)" }
            if chance.happens(60) {
                budget.call()
                saved = min(10, saved + 0.25)
            } else {
                if budget.spend() != (saved >= 1) { return "step \(step): \(saved) saved" }
                if saved >= 1 { saved -= 1 }
            }
        }
        return nil
    }
}
