public import Apus

/// What an agent knows while it works: the conversation, and what it has spent.
public struct AgentState: GraphState {
    /// Everything said, without the instructions.
    public var messages = Log<ChatMessage>()
    /// The calls of the last turn, until they are performed.
    public var calls: [ToolCall] = []
    /// The form the answer has to have.
    public var format: ResponseFormat = .text
    public var spent = Spending()
    /// Why the model stopped.
    public var finish: FinishReason?
    /// How many turns in a row had to be mended.
    public var mends = 0
    /// Whether the model is asked again although it called no tool.
    public var isMending = false
    /// Who of a team has the conversation; `nil` for its first member.
    public var speaker: String?

    public init() {}

    public init(_ task: [ChatMessage], format: ResponseFormat = .text) {
        messages = Log(task)
        self.format = format
    }

    public init(_ task: String) { self.init([.user(task)]) }

    public static let fields: [Field<Self>] = [
        Field("messages", \.messages), Field("calls", \.calls), Field("format", \.format), Field("spent", \.spent),
        Field("finish", \.finish), Field("mends", \.mends), Field("isMending", \.isMending),
        Field("speaker", \.speaker),
    ]

    /// The last thing the agent said.
    public var answer: ChatMessage? { messages.last { $0.role == .assistant } }
    public var text: String { answer?.text ?? "" }
}

/// What has been used up.
public struct Spending: Sendable, Hashable, Codable {
    public var turns = 0
    public var toolCalls = 0
    public var usage = Usage()

    public init() {}

    public static func += (left: inout Self, right: Self) {
        left.turns += right.turns
        left.toolCalls += right.toolCalls
        left.usage += right.usage
    }
}
