/// The options of the command that take a value.
enum Option: String, CaseIterable {
    case data = "--data"
    case asOf = "--as-of"
    case limit = "--limit"
    case webhook = "--webhook"
    case out = "--out"
    case approve = "--approve"
    case run = "--run"
    case database = "--database"

    /// What the value is.
    var value: String {
        switch self {
        case .data: "FILE"
        case .asOf: "TIME"
        case .limit: "NUMBER"
        case .webhook: "URL"
        case .out: "FOLDER"
        case .approve: "yes|no"
        case .run: "ID"
        case .database: "FILE"
        }
    }

    private var purpose: String {
        switch self {
        case .data: "read this table instead of the 2,000 requests brought along"
        case .asOf: "look from this moment, yyyy-MM-ddTHH:mm:ss (2011-03-20T00:00:00)"
        case .limit: "read the first rows only"
        case .webhook: "post each notice as JSON to this address instead of writing it to notices.jsonl"
        case .out: "write the report, the drawings and the notices into this folder (out)"
        case .approve: "answer whether to escalate; without it you are asked"
        case .run: "name the run; starting one of the same name again goes on with it"
        case .database: "keep runs in this file (overdue.db in the folder)"
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

            usage: OverdueRequests [options]              start a review
                   OverdueRequests resume RUN [options]   go on with one that stopped or waits for an answer
                   OverdueRequests list [options]         list runs and the questions that are open
                   OverdueRequests crash [options]        kill a review again and again, and compare

            \(lines.joined(separator: "\n"))
              --help            print this
            """
    }
}
