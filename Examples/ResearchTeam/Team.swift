import Apus
import ApusAgents
import ApusTesting

/// An editor who has a researcher look things up in the documentation of Apus, and answers with what was found.
struct ResearchTeam {
    let editor: Agent

    init(_ base: KnowledgeBase, editor: any LLMProvider, researcher: any LLMProvider) throws {
        let researcher = try Agent(
            AgentProfile("researcher", role: "Looks things up in the documentation and reports with citations."),
            model: researcher, tools: ToolSet([Lookup(base)]),
            instructions:
                "Look the question up, more than once where that helps. Report facts alone, each with the name of its passage in square brackets."
        )
        self.editor = try Agent(
            AgentProfile("editor"), model: editor, tools: ToolSet(bound: [researcher.tool()]),
            instructions:
                "Have the researcher find out what you need. Answer in a few sentences and keep the citations.")
    }

    /// Without a network: the researcher looks the question up as it stands and quotes, the editor passes it on.
    static func offline(_ base: KnowledgeBase, question: String) throws -> Self {
        try Self(
            base,
            editor: ScriptedModel([
                .call("researcher", ["task": .string(question)]),
                .init { request, _ in
                    ChatResponse(.assistant(request.messages.last?.toolResults.first?.text ?? ""), finish: .stop)
                },
            ]),
            researcher: ScriptedModel([
                .call("lookup", ["query": .string(question)]),
                .init { request, _ in
                    let found = request.messages.last?.toolResults.first?.text ?? ""
                    return ChatResponse(.assistant(quotation(from: found)), finish: .stop)
                },
            ]))
    }

    /// How the two best passages begin, with their names.
    private static func quotation(from found: String) -> String {
        let lines = found.split(separator: "\n", omittingEmptySubsequences: false)
        let starts = lines.indices.filter { lines[$0].firstMatch(of: /^\[\S+#\d+\]/) != nil }
        return starts.prefix(2).compactMap { start -> String? in
            guard let name = lines[start].firstMatch(of: /^\[\S+\]/)?.output else { return nil }
            let text = lines[(start + 1)...].prefix { !$0.isEmpty }.joined(separator: " ")
            return "\(text.prefix(400)) \(name)"
        }.joined(separator: "\n")
    }
}
