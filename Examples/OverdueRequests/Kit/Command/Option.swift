/// The options of the command that take a value.
enum Option: String, CaseIterable {
    case data = "--data"
    case asOf = "--as-of"
    case limit = "--limit"
    case webhook = "--webhook"
    case out = "--out"

    /// What the value is.
    var value: String {
        switch self {
        case .data: "FILE"
        case .asOf: "TIME"
        case .limit: "NUMBER"
        case .webhook: "URL"
        case .out: "FOLDER"
        }
    }

    private var purpose: String {
        switch self {
        case .data: "read this table instead of the 2,000 requests brought along"
        case .asOf: "look from this moment, yyyy-MM-ddTHH:mm:ss (2011-03-20T00:00:00)"
        case .limit: "read the first rows only"
        case .webhook: "post each notice as JSON to this address instead of printing it"
        case .out: "write the report and the drawings into this folder (out)"
        }
    }

    static var help: String {
        let lines = allCases.map { option in
            let usage = "\(option.rawValue) \(option.value)"
            return "  \(usage)\(String(repeating: " ", count: 18 - usage.count))\(option.purpose)"
        }
        return """
            Reviews a city's service requests: finds those overdue, decides what to do about each,
            and tells the agencies.

            usage: OverdueRequests [options]

            \(lines.joined(separator: "\n"))
              --help            print this
            """
    }
}
