public import Apus

/// A model that works on a task with tools until it has an answer.
///
/// An agent is a graph: each turn of the model and each call of a tool is an activation, so that a run of it is stored,
/// watched, suspended and tested as any other. Register ``graph`` with an `Engine` to have it survive the process, or call
/// ``respond(to:on:)`` to run it here and now.
public struct Agent: Sendable {
    public let profile: AgentProfile
    public let limits: AgentLimits
    public let tools: ToolSet
    public let model: any LLMProvider
    public let instructions: String
    public let settings: AgentSettings
    /// Asks the model, performs its calls, and asks again, until it calls no tool.
    public let graph: Graph<AgentState>
    let turn: AgentTurn

    /// Throws where a tool can't be described to a model.
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
        self.profile = profile
        self.model = model
        self.tools = tools
        self.instructions = instructions
        self.limits = limits
        self.settings = settings
        turn = AgentTurn(
            name: profile.name, model: model, tools: tools, instructions: instructions, limits: limits,
            settings: settings, listener: onEvent)
        graph = try AgentGraph(name: profile.name, members: [turn], memories: settings.memories).graph()
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
