public import Apus

/// What an agent knows while it works: the conversation, and what it has spent.
public struct AgentState: GraphState {
    /// Everything said, without the instructions and what memories told.
    public var messages = Log<ChatMessage>()
    /// The calls of the last turn, until they are performed.
    public var calls: [ToolCall] = []
    /// What came with the task.
    public var brief = AgentBrief()
    /// What the model is shown of the conversation.
    public var context = AgentContext()
    public var spent = Spending()
    /// Why the model stopped.
    public var finish: FinishReason?
    /// How many turns in a row had to be mended.
    public var mends = 0
    /// Whether the model is asked again although it called no tool.
    public var isMending = false
    /// Who of a team has the conversation; `nil` for its first member.
    public var speaker: String?
    /// Where words came from that anybody may have written: the names of tools, in the order in which they brought some.
    public var taint: [String] = []
    /// Why an agent that works for another gave up.
    public internal(set) var failure: String?
    /// What each member of a team has spent; empty for an agent alone.
    public var shares: [String: Spending] = [:]

    public init() {}

    public init(_ task: [ChatMessage], _ brief: AgentBrief = AgentBrief(), taint: [String] = []) {
        messages = Log(task)
        self.brief = brief
        self.taint = taint
    }

    public init(_ task: String, _ brief: AgentBrief = AgentBrief(), taint: [String] = []) {
        self.init([.user(task)], brief, taint: taint)
    }

    public static let fields: [Field<Self>] = [
        Field("messages", \.messages), Field("calls", \.calls), Field("brief", \.brief), Field("context", \.context),
        Field("spent", \.spent), Field("finish", \.finish), Field("mends", \.mends), Field("isMending", \.isMending),
        Field("speaker", \.speaker), Field("taint", \.taint), Field("failure", \.failure),
        Field("shares", \.shares),
    ]

    /// The last thing the agent said.
    public var answer: ChatMessage? { messages.last { $0.role == .assistant } }
    public var text: String { answer?.text ?? "" }

    /// Notes where words came from that anybody may have written.
    mutating func taint(by sources: [String]) {
        for source in sources where !taint.contains(source) { taint.append(source) }
    }
}

/// What an agent is given with a task.
public struct AgentBrief: Sendable, Hashable, Codable {
    /// The form the answer has to have.
    public var format: ResponseFormat
    /// Whose conversation it is: memories are kept for each user apart.
    public var user: String?
    /// What whoever gives the task lets it spend, beside the agent's own limits.
    public var budget: Budget
    /// When the first turn began.
    public internal(set) var start: WallTime?
    /// What memories told before the first turn.
    public internal(set) var recalled: [ChatMessage] = []

    public init(format: ResponseFormat = .text, user: String? = nil, budget: Budget = Budget()) {
        self.format = format
        self.user = user
        self.budget = budget
    }
}
