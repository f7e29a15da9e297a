public import Apus

/// Somebody who works on a task until there is an answer: most often a model with tools, or several that work together.
///
/// An agent is a graph: each turn of its model and each call of a tool is an activation, so that a run of it is stored,
/// watched, suspended and tested as any other. Register ``graph`` with an `Engine` to have it survive the process, or call
/// ``respond(to:user:on:)`` to run it here and now. All kinds are agents alike, so a team can be a member of a team, and any of them a tool.
public struct Agent: Sendable {
    public let profile: AgentProfile
    public let limits: AgentLimits
    /// What becomes of a conversation.
    public let graph: Graph<AgentState>
    /// The same for work within the run of another: it ends with ``AgentState/failure`` instead of failing.
    let inner: Graph<AgentState>
    /// Of those that are one model.
    let turn: AgentTurn?

    /// A model with tools. Throws where a tool can't be described to a model.
    ///
    /// `onEvent` hears of everything the agent does in any run, from the task that does it: it must not block.
    public init(
        _ name: String, model: any LLMProvider, tools: [any Tool] = [], instructions: String = "",
        limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings(),
        onEvent: (@Sendable (AgentEvent) -> Void)? = nil
    ) throws {
        try self.init(
            AgentProfile(name), model: model, tools: ToolSet(tools), instructions: instructions, limits: limits,
            settings: settings, onEvent: onEvent)
    }

    public init(
        _ profile: AgentProfile, model: any LLMProvider, tools: ToolSet = ToolSet(), instructions: String = "",
        limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings(),
        onEvent: (@Sendable (AgentEvent) -> Void)? = nil
    ) throws {
        if limits.cost != nil, settings.prices.price(of: model.info.model) == nil {
            throw AgentError(
                .unknownPrice, agent: profile.name, detail: "the table has no price of \"\(model.info.model)\"")
        }
        let turn = AgentTurn(
            name: profile.name, model: model, tools: tools, instructions: instructions, limits: limits,
            settings: settings, listener: onEvent)
        let work = AgentGraph.Work.turns([turn], group: nil)
        try self.init(profile, limits, AgentGraph(profile.name, work, limits, settings.memories), turn)
    }

    /// An agent whose work is Swift: `body` is given a conversation, and adds the answer to it.
    ///
    /// What others do for it they do through ``AgentWork``. `body` runs again from its start after a crash or a wait; what others have
    /// done for it, and its steps, are not repeated.
    public init(
        _ profile: AgentProfile, limits: AgentLimits = AgentLimits(), memories: [any Memory] = [],
        _ body: @escaping @Sendable (inout AgentState, AgentWork) async throws -> Void
    ) throws {
        try self.init(profile, limits, AgentGraph(profile.name, .body(body), limits, memories), nil)
    }

    init(_ profile: AgentProfile, _ limits: AgentLimits, _ graph: AgentGraph, _ turn: AgentTurn?) throws {
        self.profile = profile
        self.limits = limits
        self.turn = turn
        self.graph = try graph.graph()
        inner = try graph.graph(givesUp: true)
    }
}

/// What others know of an agent.
public struct AgentProfile: Sendable, Hashable, Codable, Identifiable {
    public var name: String
    /// What it is for, in a sentence; other agents choose by it.
    public var role: String
    /// What it can do, as words to find it by.
    public var capabilities: [String]
    public var version: String

    public init(_ name: String, role: String = "", capabilities: [String] = [], version: String = "1") {
        self.name = name
        self.role = role
        self.capabilities = capabilities
        self.version = version
    }

    public var id: String { "\(name)@\(version)" }
}
