import Apus

/// The tools that a model may use, by name.
public struct ToolSet: Sendable {
    public private(set) var tools: [BoundTool] = []

    public init() {}

    public init(_ tools: [any Tool]) throws { for tool in tools { try add(tool) } }

    public init(bound tools: [BoundTool]) throws { for tool in tools { try add(tool) } }

    public mutating func add(_ tool: some Tool) throws { try add(BoundTool(tool)) }

    /// Throws if there is a tool of that name.
    public mutating func add(_ tool: BoundTool) throws {
        guard self[tool.name] == nil else {
            throw AgentError(.invalidTool, detail: "there are two tools named \"\(tool.name)\"")
        }
        tools.append(tool)
    }

    public subscript(name: String) -> BoundTool? { tools.first { $0.name == name } }

    public var definitions: [ToolDefinition] { tools.map(\.definition) }
    public var isEmpty: Bool { tools.isEmpty }

    /// The same tools, each with at least this much permission needed. What is denied stays denied.
    public func requiring(_ permission: ToolPolicy.Permission) -> Self {
        var set = self
        for index in set.tools.indices {
            set.tools[index].policy.permission = max(set.tools[index].policy.permission, permission)
        }
        return set
    }
}
