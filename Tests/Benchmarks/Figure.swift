import Foundation

/// One measurement of Apus beside what it is compared with.
struct Figure: Sendable {
    /// What must hold.
    enum Bar: Sendable {
        /// Apus takes at most this many times what it is compared with.
        case ratio(Double)
        /// Apus takes at most this much.
        case apus(Double)
    }

    var workload: String
    var n: Int
    var apus: Double
    /// The same in plain Swift; in `compile` and `flat` the same at the smaller size.
    var raw: Double
    var unit: String
    var bars: [Bar] = []

    var ratio: Double { apus / raw }

    var json: String {
        let numbers = "\"apus\": \(text(apus)), \"raw\": \(text(raw)), \"ratio\": \(text(ratio))"
        return "{\"workload\": \"\(workload)\", \"n\": \(n), \(numbers), \"unit\": \"\(unit)\"}"
    }

    /// Which bars hold, for a person.
    var verdict: String {
        let parts = bars.map { bar in
            switch bar {
            case .ratio(let limit): "\(ratio <= limit ? "holds" : "MISSES") ratio \(text(ratio)) of \(text(limit))"
            case .apus(let limit): "\(apus <= limit ? "holds" : "MISSES") \(text(apus)) of \(text(limit)) \(unit)"
            }
        }
        let result = parts.isEmpty ? "\(text(apus)) \(unit), raw \(text(raw))" : parts.joined(separator: "; ")
        return "\(workload) \(n): \(result)"
    }

    private func text(_ value: Double) -> String { String(format: value < 10 ? "%.4f" : "%.1f", value) }
}
