import Apus
import ApusTesting

/// A random sequence of values, one a second, for a rule with a threshold, and what a model of a page says should be told.
struct AlertCourse {
    private let patience: Int
    private let values: [Double]
    private let silent: Range<Int>

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        patience = Int(random.next() % 4)
        values = (0..<40).map { _ in random.next() % 3 == 0 ? 1 : 9 }
        let start = Int(random.next() % 40)
        silent = start..<min(40, start + Int(random.next() % 8))
    }

    /// What the machine tells otherwise than the model; `nil` if nothing.
    var difference: String? {
        let (told, expected) = (told, expected)
        return told == expected ? nil : "\(told), not \(expected)"
    }

    private var told: [String] {
        let rule = AlertRule("r", .init("m"), .above(5), for: .seconds(patience))
        var machine = AlertMachine(rule)
        return values.enumerated().compactMap { second, value in
            let now = Instant(uptime: .seconds(second), sinceEpoch: .seconds(second))
            return machine.take(value, at: now, isSilenced: silent.contains(second)).map { "\(second) \($0.kind)" }
        }
    }

    private var expected: [String] {
        var lines: [String] = []
        var (since, isFiring) = (Int?.none, false)
        for (second, value) in values.enumerated() {
            let isSilent = silent.contains(second)
            if value > 5 {
                since = since ?? second
                guard !isFiring, !isSilent, second - (since ?? second) >= patience else { continue }
                isFiring = true
                lines.append("\(second) firing")
            } else if isFiring {
                // Its end is told when the silence is over; the alert counts as firing until then.
                if isSilent { continue }
                lines.append("\(second) recovered")
                (since, isFiring) = (nil, false)
            } else {
                since = nil
            }
        }
        return lines
    }
}
