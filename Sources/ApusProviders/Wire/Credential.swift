import ApusAgents
import Foundation

/// Where a key comes from. It is read each time a request is sent, is never kept, and prints as nothing.
public struct Credential: Sendable {
    private let read: @Sendable () async throws -> String?
    private let name: String

    /// A key from wherever `read` gets it, such as a vault or a token that expires.
    public init(_ read: @escaping @Sendable () async throws -> String) {
        self.read = read
        name = "the given source"
    }

    private init(name: String, _ read: @escaping @Sendable () -> String?) {
        self.read = read
        self.name = name
    }

    /// The variable of the process's environment with this name.
    public static func environment(_ variable: String) -> Self {
        Self(name: variable) { ProcessInfo.processInfo.environment[variable] }
    }

    /// For servers that ask for no key.
    public static let none = Self(name: "none") { "" }

    /// - Throws: ``AnswerFault`` with the code `authentication` if there is no key.
    func key() async throws -> String {
        guard let key = try await read() else {
            throw AnswerFault(.authentication, "there is no key in \(name)")
        }
        // A header can hold neither line ends nor what is not ASCII; files often end with a line end.
        let trimmed = key.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.utf8.allSatisfy({ (32..<127).contains($0) }) else {
            throw AnswerFault(.authentication, "the key in \(name) has characters that no key has")
        }
        return trimmed
    }
}

extension Credential: CustomStringConvertible, CustomReflectable {
    public var description: String { "a key from \(name)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
