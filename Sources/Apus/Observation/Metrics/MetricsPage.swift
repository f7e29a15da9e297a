extension MetricsSnapshot {
    /// The snapshot as text. It takes time proportional to its length, and no lock.
    public func page(_ format: MetricsFormat) -> [UInt8] {
        var page = MetricsPage(format: format)
        page.bytes.reserveCapacity(families.reduce(64) { $0 + 128 + $1.series.count * 160 })
        for family in families { page.append(family) }
        if format == .openMetrics { page.append("# EOF\n") }
        return page.bytes
    }
}

/// Writes metrics line by line.
struct MetricsPage {
    let format: MetricsFormat
    var bytes: [UInt8] = []

    init(format: MetricsFormat) { self.format = format }

    mutating func append(_ family: MetricsSnapshot.Family) {
        let facts = family.facts
        let total = facts.kind == .counter ? "_total" : ""
        let name = format == .prometheus ? facts.name + total : facts.name
        append("# HELP \(name) ")
        escape(facts.help, quotes: format == .openMetrics)
        append("\n# TYPE \(name) \(facts.kind.rawValue)\n")
        for series in family.series {
            var labels: [UInt8] = []
            swap(&labels, &bytes)
            for (label, value) in zip(facts.labels, series.values) { pair(label, value) }
            swap(&labels, &bytes)
            switch series.reading {
            case .counter(let value): line(facts.name, "_total", labels, value)
            case .gauge(let value): line(facts.name, "", labels, value)
            case .histogram(let reading): append(reading, facts.name, labels)
            }
        }
    }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ reading: HistogramReading, _ name: String, _ labels: [UInt8]) {
        var count = 0
        for (bucket, bound) in (reading.bounds + [.infinity]).enumerated() {
            count += reading.counts[bucket]
            append(name)
            append("_bucket{")
            bytes.append(contentsOf: labels)
            if !labels.isEmpty { append(",") }
            append("le=\"")
            append(bound == .infinity ? "+Inf" : bound.description)
            append("\"} ")
            append(count.description)
            append("\n")
        }
        line(name, "_sum", labels, reading.sum)
        line(name, "_count", labels, Double(count))
    }

    private mutating func line(_ name: String, _ suffix: String, _ labels: [UInt8], _ value: Double) {
        append(name)
        append(suffix)
        if !labels.isEmpty {
            append("{")
            bytes.append(contentsOf: labels)
            append("}")
        }
        append(" ")
        append(Self.text(value))
        append("\n")
    }

    /// A label and its value, behind a comma if it is not the first.
    private mutating func pair(_ label: String, _ value: String) {
        if !bytes.isEmpty { append(",") }
        append(label)
        append("=\"")
        escape(value, quotes: true)
        append("\"")
    }

    private mutating func escape(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? Int(value).description : value.description
    }
}
