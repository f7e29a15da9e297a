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
    public var command = Command.review
    /// The answer to whether to escalate.
    public var approve: Approval?
    /// What the run is to be called.
    public var run: String?
    /// The file that keeps the runs; `nil` for the one in the folder.
    public var database: String?

    /// What is to be done.
    public enum Command: Sendable, Equatable {
        case review
        case resume(String)
        case list
        case crash
    }

    public init() {}

    /// Reads the arguments behind the command's name; a value follows its option, or stands in it behind `=`.
    public init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        command = try Self.command(&rest)
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
        if run != nil, command != .review { throw UsageError("--run is for starting a review") }
    }

    /// Takes the command off the arguments, if there is one.
    private static func command(_ rest: inout ArraySlice<String>) throws(UsageError) -> Command {
        switch rest.first {
        case "resume":
            rest.removeFirst()
            guard let run = rest.popFirst(), !run.hasPrefix("-") else {
                throw UsageError("resume needs the name of a run; list shows them")
            }
            return .resume(run)
        case "list":
            rest.removeFirst()
            return .list
        case "crash":
            rest.removeFirst()
            return .crash
        default: return .review
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
        case .approve:
            guard let answer = Approval(rawValue: value) else { throw UsageError("--approve \(value): not yes or no") }
            approve = answer
        case .run: run = value
        case .database: database = value
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
