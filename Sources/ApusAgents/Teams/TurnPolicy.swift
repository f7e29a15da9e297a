import Apus

/// Who speaks next in a group.
public struct TurnPolicy: Sendable {
    /// What a policy decides by.
    public struct Moment: Sendable {
        public let members: [AgentProfile]
        /// Who has spoken so far, in order.
        public let speakers: [String]
        /// What was said, each message by its author.
        public let messages: [ChatMessage]
    }

    enum Way: Sendable {
        case function(@Sendable (Moment) -> String?)
        case moderated(any LLMProvider, instructions: String)
    }

    let way: Way

    /// All in turn, so many times round.
    public static func rounds(_ count: Int) -> Self {
        .by { moment in
            let turn = moment.speakers.count
            return turn < count * moment.members.count ? moment.members[turn % moment.members.count].name : nil
        }
    }

    /// Whom a function names; `nil` ends the conversation.
    public static func by(_ choose: @escaping @Sendable (Moment) -> String?) -> Self { Self(way: .function(choose)) }

    /// Whom a model names, until it finds that all is said.
    public static func moderated(by model: any LLMProvider, instructions: String = "") -> Self {
        Self(way: .moderated(model, instructions: instructions))
    }
}

extension TurnPolicy {
    /// Who speaks next; `nil` if nobody does. What a model says is an effect of the run.
    func next(_ moment: Moment, _ state: inout AgentState, _ context: NodeContext) async throws -> String? {
        switch way {
        case .function(let choose): return choose(moment)
        case .moderated(let model, let instructions):
            let request = try Self.request(moment, instructions).fitted(to: model.info)
            let response = try await context.step("moderate \(moment.speakers.count)") { try await model.chat(request) }
            state.spent.turns += 1
            state.spent.usage += response.usage
            let choice = try? JSON(parsing: StructuredText.json(in: response.text)).decode(as: Choice.self)
            guard let next = choice?.next, moment.members.contains(where: { $0.name == next }) else { return nil }
            return next
        }
    }

    private struct Choice: Codable {
        var next: String
    }

    private static let nobody = "nobody"

    private static func request(_ moment: Moment, _ instructions: String) throws -> ChatRequest {
        let members = moment.members.map { "- \($0.name): \($0.role)" }.joined(separator: "\n")
        let names = (moment.members.map(\.name) + [nobody]).map { JSON.string($0) }
        let schema = JSONSchema([
            "type": "object", "additionalProperties": false, "required": ["next"],
            "properties": ["next": ["type": "string", "enum": .array(names)]],
        ])
        let talk = moment.messages.map { "\($0.author ?? "user"): \($0.text)" }.joined(separator: "\n\n")
        let system = """
            You lead a conversation between:\n\(members)\nSay who speaks next, or "\(nobody)" when the question is answered. \
            \(instructions)
            """
        return ChatRequest([.system(system), .user(talk)], format: .schema(schema, name: "next"))
    }
}
