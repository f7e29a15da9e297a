public import Apus

extension Agent {
    /// An agent that answers from documents: the passages that fit are looked up before it is asked, and it has to cite them.
    ///
    /// An answer without a citation, or with one of a passage that is not there, is sent back. ``KnowledgeBase/citations(in:)`` gives the
    /// passages of an answer.
    public static func retrieval(
        _ name: String, model: any LLMProvider, base: KnowledgeBase, passages: Int = 6, isTrusted: Bool = true,
        instructions: String = "", limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        var settings = settings
        settings.memories.append(KnowledgeMemory(base, passages: passages, isTrusted: isTrusted))
        let check = settings.check
        settings.check = { answer, state in check?(answer, state) ?? base.complaint(about: answer, state) }
        let words = """
            Answer from the passages you are given and look more up if they don't suffice. Put the name of each passage you use behind the \
            sentence that rests on it, in square brackets as it stands there. If they don't answer the question, say so.
            """
        return try Agent(
            name, model: model, tools: [Lookup(base, isTrusted: isTrusted)],
            instructions: instructions.isEmpty ? words : "\(words)\n\(instructions)", limits: limits, settings: settings
        )
    }
}

/// Tells an agent the passages that fit what the user said last.
public struct KnowledgeMemory: Memory {
    private let base: KnowledgeBase
    private let passages: Int
    private let isTrusted: Bool

    /// `isTrusted` says whether the documents were written by somebody who may give the agent orders.
    public init(_ base: KnowledgeBase, passages: Int = 6, isTrusted: Bool = true) {
        self.base = base
        self.passages = passages
        self.isTrusted = isTrusted
    }

    public func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection {
        guard let said = task.last(where: { $0.role == .user })?.text, !said.isEmpty else { return Recollection() }
        let found = try await base.search(said, limit: passages)
        if found.isEmpty { return Recollection() }
        return Recollection([.user("Passages:\n\n\(found.words)")], taint: isTrusted ? [] : ["documents"])
    }
}

extension KnowledgeBase {
    /// The passages that a text cites, in the order in which it does.
    public func citations(in text: String) -> [Passage] { names(in: text).compactMap { passage(named: $0) }.uniqued() }

    /// What is wrong with the citations of an answer, in words for a model.
    fileprivate func complaint(about answer: String, _ state: AgentState) -> String? {
        let unknown = names(in: answer).filter { $0.contains("#") && passage(named: $0) == nil }.uniqued()
        if !unknown.isEmpty {
            return
                "There is no passage \(unknown.joined(separator: ", ")). Cite the passages you were given, and no others."
        }
        let wasToldAny = state.brief.recalled.contains { !names(in: $0.text).isEmpty }
        guard wasToldAny, citations(in: answer).isEmpty, state.mends == 0 else { return nil }
        return
            "Your answer cites no passage. Name the passages it rests on in square brackets, or say that they don't answer it."
    }

    /// What stands in square brackets.
    private func names(in text: String) -> [String] {
        text.split(separator: "[", omittingEmptySubsequences: false).dropFirst().compactMap { piece in
            piece.firstIndex(of: "]").map { String(piece[..<$0]) }
        }
        .flatMap { $0.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init) }
    }
}

extension [Finding] {
    /// The passages with their names, for a model to read and cite.
    var words: String {
        map { "[\($0.passage.id)] \($0.passage.heading ?? "")\n\($0.passage.text)" }.joined(separator: "\n\n")
    }
}
