public import Apus

/// What an agent knows beside its task: earlier conversations, documents, facts about a user.
///
/// Before the first turn it is asked what there is to tell, and when the agent has answered it is told what was said. Both are
/// activations of the agent's graph, so a run that was interrupted repeats neither once it is stored; `remember` may be called
/// twice with one exchange, and is to keep it once.
public protocol Memory: Sendable {
    func recall(_ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext) async throws -> Recollection

    /// Keeps an exchange, and returns what that has cost.
    func remember(_ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext) async throws -> Spending
}

extension Memory {
    /// Keeps nothing.
    public func remember(
        _ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Spending { Spending() }
}

/// Whose memory it is: of one agent about one user.
public struct MemoryOwner: Sendable, Hashable, Codable {
    public var agent: String
    /// Empty where no user was named.
    public var user: String

    public init(agent: String, user: String = "") {
        self.agent = agent
        self.user = user
    }
}

/// What a memory has to tell.
public struct Recollection: Sendable, Hashable, Codable {
    public var messages: [ChatMessage]
    /// Where words in it came from that anybody may have written.
    public var taint: [String]
    /// What finding it has cost.
    public var spent: Spending

    public init(_ messages: [ChatMessage] = [], taint: [String] = [], spent: Spending = Spending()) {
        self.messages = messages
        self.taint = taint
        self.spent = spent
    }
}

/// A task and what came of it.
public struct Exchange: Sendable, Hashable, Codable, Identifiable {
    /// The same whenever it is remembered.
    public var id: String
    public var time: WallTime
    /// What the user and the agent said, without calls of tools.
    public var messages: [ChatMessage]
    public var taint: [String]

    public init(id: String, time: WallTime, messages: [ChatMessage], taint: [String] = []) {
        self.id = id
        self.time = time
        self.messages = messages
        self.taint = taint
    }
}
