public import Apus

/// Lets a model look things up; what it gets back carries names to cite.
public struct Lookup: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var query: String
        public static let descriptions = ["query": "What to look for, in a few words."]
    }

    public let name: String
    public let description: String
    public var policy: ToolPolicy
    private let base: KnowledgeBase

    /// `isTrusted` says whether the documents were written by somebody who may give the agent orders.
    public init(
        _ base: KnowledgeBase, name: String = "lookup",
        description: String = "Looks passages up. Cite each one you use by its name in square brackets.",
        isTrusted: Bool = true
    ) {
        policy = ToolPolicy(effect: .readOnly, flow: isTrusted ? [] : .brings)
        self.base = base
        self.name = name
        self.description = description
    }

    public func call(_ input: Input, _ context: ToolContext) async throws -> String {
        let found = try await base.search(input.query)
        if found.isEmpty { return "Nothing was found. Try other words." }
        return found.words
    }
}
