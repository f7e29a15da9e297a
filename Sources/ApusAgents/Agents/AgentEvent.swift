public import Apus

/// Something an agent does, told while it happens.
public enum AgentEvent: Sendable, Hashable {
    /// The model is asked.
    case turnStarted(agent: String, turn: Int)
    /// A piece of the model's answer.
    case model(ChatEvent)
    case turnEnded(agent: String, ChatResponse)
    case toolStarted(ToolCall, ActivationID)
    case toolEnded(ToolResult, ActivationID)
    /// The conversation goes over to another agent.
    case handedOff(from: String, to: String)
}
