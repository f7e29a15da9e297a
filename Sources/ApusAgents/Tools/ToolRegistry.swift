import Apus

/// All tools that a program has, by name, for those who say by name which of them an agent may use.
///
/// Safe to share between tasks. What an agent was given stays as it was, whatever is registered or removed afterwards.
public final class ToolRegistry: Sendable {
    /// Where a tool came from.
    public enum Origin: Sendable, Hashable, Codable {
        /// This library.
        case builtIn
        /// The program.
        case custom
        /// Somebody else's server or document, by its name.
        case imported(from: String)
    }

    public struct Entry: Sendable {
        public var tool: BoundTool
        public var origin: Origin
    }

    private let tools = Guarded<[Entry]>([])

    /// With the tools of this library that need nothing: the clock and the calculator.
    public init() throws {
        for tool in try [BoundTool(Clock()), BoundTool(Calculator())] { try register(tool, from: .builtIn) }
    }

    public func register(_ tool: some Tool) throws { try register(BoundTool(tool)) }

    /// Throws ``AgentError/Code/invalidTool`` if there is one of that name. An imported tool can't take the place of another.
    public func register(_ tool: BoundTool, from origin: Origin = .custom) throws {
        try tools.withLock { tools in
            if let known = tools.first(where: { $0.tool.name == tool.name }) {
                throw AgentError(
                    .invalidTool, detail: "\"\(tool.name)\" is registered already, as \(known.origin.description)")
            }
            tools.append(Entry(tool: tool, origin: origin))
        }
    }

    /// Returns whether there was one.
    @discardableResult
    public func remove(_ name: String) -> Bool {
        tools.withLock { tools in
            let count = tools.count
            tools.removeAll { $0.tool.name == name }
            return tools.count < count
        }
    }

    /// All of them, in the order in which they were registered.
    public var entries: [Entry] { tools.withLock { $0 } }

    /// The tools of these names, in their order. Throws ``AgentError/Code/invalidTool`` with all names that are unknown, and those that are
    /// there.
    public func tools(named names: [String]) throws -> ToolSet {
        let all = entries.map(\.tool)
        let unknown = names.filter { name in !all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            throw AgentError(
                .invalidTool,
                detail:
                    "there is no \(unknown.joined(separator: ", ")); there are \(all.map(\.name).joined(separator: ", "))"
            )
        }
        return try ToolSet(bound: names.compactMap { name in all.first { $0.name == name } })
    }
}

extension ToolRegistry.Origin: CustomStringConvertible {
    public var description: String {
        switch self {
        case .builtIn: "a tool of this library"
        case .custom: "a tool of the program"
        case .imported(let source): "a tool of \(source)"
        }
    }
}
