public import Foundation

/// What the user asked for on the command line.
public struct Options: Sendable, Equatable {
    /// The moment from which requests are seen.
    public var asOf = LocalTime(year: 2011, month: 3, day: 20)!
    /// A file to read instead of the sample.
    public var data: String?
    public var out = "out"
    public var webhook: URL?
    /// How many rows are read at most.
    public var limit = Int.max
    public var help = false

    public init() {}

    /// Reads the arguments behind the command's name; a value follows its option, or stands in it behind `=`.
    public init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        var seen: Set<String> = []
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0]
            if name == "--help" || name == "-h" {
                help = true
                continue
            }
            guard let option = Option(rawValue: name) else { throw UsageError(Self.unknown(name)) }
            guard seen.insert(name).inserted else { throw UsageError("\(name) is given twice") }
            let value = parts.count == 2 ? parts[1] : rest.first?.hasPrefix("--") == false ? rest.removeFirst() : ""
            guard !value.isEmpty else { throw UsageError("\(name) needs a value: \(option.value)") }
            try set(option, to: value)
        }
    }

    private mutating func set(_ option: Option, to value: String) throws(UsageError) {
        switch option {
        case .asOf:
            do { asOf = try LocalTime(isoForm: value) } catch { throw UsageError("--as-of \(value): \(error)") }
        case .data: data = value
        case .out: out = value
        case .webhook:
            guard let url = URL(string: value), ["http", "https"].contains(url.scheme?.lowercased()), url.host() != nil
            else { throw UsageError("--webhook \(value): not an address of the form https://host/path") }
            webhook = url
        case .limit:
            guard let number = Int(value), number > 0 else {
                throw UsageError("--limit \(value): not a whole number above 0")
            }
            limit = number
        }
    }

    private static func unknown(_ name: String) -> String {
        name.hasPrefix("-") ? "there is no option \(name)" : "\(name) is not an option; a file is named with --data"
    }
}

/// Why the arguments make no sense.
public struct UsageError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
