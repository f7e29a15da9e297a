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

    /// The first sentences of the two best passages, with their names.
    private static func quotation(from found: String) -> String {
        let passages = found.split(separator: "\n[").prefix(2).map { $0.hasPrefix("[") ? $0.dropFirst() : $0 }
        return passages.compactMap { passage -> String? in
            guard let end = passage.firstIndex(of: "]"), let line = passage.firstIndex(of: "\n") else { return nil }
            let text = passage[line...].split(separator: "\n").joined(separator: " ")
            let sentence = text.prefix(while: { $0 != "." })
            return "\(sentence). [\(passage[..<end])]"
        }.joined(separator: "\n")
    }
}
