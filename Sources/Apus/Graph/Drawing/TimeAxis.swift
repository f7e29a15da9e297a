/// Marks on an axis of time, at round numbers of a unit that fits.
struct TimeAxis: Equatable {
    struct Tick: Equatable {
        var time: Duration
        var label: String
    }

    let ticks: [Tick]

    /// - Parameter most: the largest number of ticks besides the one at zero.
    init(length: Duration, most: Int) {
        let seconds = DurationText.seconds(length)
        let step = Self.step(atLeast: max(seconds / Double(max(1, most)), 1e-9))
        ticks = (0...max(0, Int((seconds / step + 1e-9).rounded(.down)))).map { index in
            let time = Double(index) * step
            return Tick(time: .seconds(time), label: Self.label(time, step: step))
        }
    }

    /// The smallest of 1, 2, 5, 10 … below a minute and of the usual parts of hours and days above it.
    private static func step(atLeast least: Double) -> Double {
        if least > 5 {
            let usual: [Double] = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400]
            if let step = usual.first(where: { $0 >= least }) { return step }
            return 86400 * decimalStep(atLeast: least / 86400)
        }
        return decimalStep(atLeast: least)
    }

    private static func decimalStep(atLeast least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        let factor = [1.0, 2, 5, 10].first { $0 * power >= least * (1 - 1e-12) } ?? 10
        return factor * power
    }

    private static func label(_ time: Double, step: Double) -> String {
        if time == 0 { return "0" }
        if step >= 10, time >= 60 { return DurationText.text(.seconds(time)) }
        let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
        let unit = units.first { time >= $0.0 * (1 - 1e-9) } ?? units[3]
        return DurationText.number(time / unit.0, digits: 3) + " " + unit.1
    }
}
