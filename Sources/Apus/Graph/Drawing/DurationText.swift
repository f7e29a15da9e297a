/// Durations and numbers as people read them: `850 ms`, `1.2 s`, `2 min 5 s`, `12,000`.
enum DurationText {
    private static let units: [(size: Double, name: String)] = [
        (1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1, "s"),
    ]

    /// Seconds with one digit behind the point below a minute, two units above it.
    static func text(_ duration: Duration) -> String {
        let seconds = seconds(duration)
        if seconds == 0 { return "0 s" }
        if seconds < 0 { return "-" + text(.zero - duration) }
        if seconds < 59.95 { return short(seconds) }
        let whole = seconds.rounded()
        for (size, name, part, partName) in [(86400.0, "d", 3600.0, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")]
        where whole >= size {
            let parts = ((whole - (whole / size).rounded(.down) * size) / part).rounded(.down)
            let main = "\(number(whole / size, down: true)) \(name)"
            return parts == 0 ? main : main + " \(number(parts)) \(partName)"
        }
        return short(seconds)
    }

    static func seconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// A number with at most `digits` digits behind the point and no trailing zeros.
    static func number(_ value: Double, digits: Int = 0, down: Bool = false) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded(down ? .down : .toNearestOrAwayFromZero)
        guard scaled < 1e15 else { return "\(value)" }
        let units = Int(scaled)
        let whole = units / Int(scale)
        var fraction = String(units % Int(scale))
        fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        let sign = value < 0 && units > 0 ? "-" : ""
        return sign + String(whole) + (digits == 0 || fraction.isEmpty ? "" : "." + fraction)
    }

    /// A whole number with commas between thousands.
    static func grouped(_ value: Int) -> String {
        var digits = Array(String(value.magnitude))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
        return (value < 0 ? "-" : "") + String(digits)
    }

    private static func short(_ seconds: Double) -> String {
        var unit = units[0]
        for candidate in units where seconds >= candidate.size * 0.9995 { unit = candidate }
        let value = seconds / unit.size
        return "\(number(value, digits: value < 9.95 || unit.size == 1 ? 1 : 0)) \(unit.name)"
    }
}
