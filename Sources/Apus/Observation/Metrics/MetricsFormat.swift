/// How a page of metrics is written.
public enum MetricsFormat: Sendable, Hashable, CaseIterable {
    /// The text format of Prometheus, version 0.0.4.
    case prometheus
    /// OpenMetrics, version 1.0.0.
    case openMetrics

    /// What the page's `Content-Type` says.
    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a request with this `Accept` is answered with: the format it gives the greater weight, of equal ones the one named first,
    /// and Prometheus' own if it names neither.
    public init(accept: String?) {
        var best = (format: Self.prometheus, weight: 0.0)
        for range in (accept ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let parameters = parts.dropFirst().map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            let weight = parameters.first { $0.first == "q" }.flatMap { $0.last.flatMap(Double.init) } ?? 1
            let version = parameters.first { $0.first == "version" }?.last
            let format: Self
            switch parts.first {
            case "application/openmetrics-text":
                guard version == nil || version == "1.0.0" || version == "0.0.1" else { continue }
                format = .openMetrics
            case "text/plain", "text/*", "*/*":
                guard version == nil || version == "0.0.4" else { continue }
                format = .prometheus
            default: continue
            }
            if weight > best.weight { best = (format, weight) }
        }
        self = best.format
    }
}
