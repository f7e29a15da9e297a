public import Apus

/// What a tool does from some level of degradation on.
public struct ToolAtLevel: Sendable {
    enum Way: Sendable {
        case refuses(String)
        case drafts(DraftBox)
    }

    let way: Way

    /// A call is not performed; the model reads why, and what to do instead.
    public static func refusing(_ words: String) -> Self { Self(way: .refuses(words)) }

    /// A call is not performed but kept, for somebody to perform it later; the model reads that.
    public static func drafting(in box: DraftBox) -> Self { Self(way: .drafts(box)) }
}

extension BoundTool {
    /// The same tool at the normal level; what is declared for a level holds for those above it, too, up to the next.
    ///
    /// Where calls of the tool are steps, what it came to is remembered, also that it was refused.
    public func degrading(_ ways: [DegradationLevel: ToolAtLevel], by degradation: Degradation) -> BoundTool {
        replacing { [perform, name] arguments, context in
            let level = degradation.level
            switch ways.way(at: level)?.way {
            case nil: return try await perform(arguments, context)
            case .refuses(let words): return .refusal("At the level \(level) this is not done. \(words)")
            case .drafts(let box):
                let draft = ToolDraft(
                    key: context.draftKey, tool: name, arguments: "\(arguments)", run: context.runID,
                    kept: context.environment.now().wallTime)
                try await box.keep(draft)
                return .text(
                    "At the level \(level) this is not done at once. It is kept as a draft and will be done later; do not repeat it."
                )
            }
        }
    }
}

extension ToolSet {
    /// The same tools, of which those that change something are refused from a level on; what only looks goes on.
    public func readOnly(from level: DegradationLevel, by degradation: Degradation) throws -> Self {
        try changingTools {
            $0.degrading(
                [level: .refusing("Nothing is changed at the moment. Say so, or do what only looks.")],
                by: degradation)
        }
    }

    /// The same tools, of which calls that change something are kept as drafts from a level on.
    public func drafted(from level: DegradationLevel, in box: DraftBox, by degradation: Degradation) throws -> Self {
        try changingTools { $0.degrading([level: .drafting(in: box)], by: degradation) }
    }

    private func changingTools(_ change: (BoundTool) -> BoundTool) throws -> Self {
        try ToolSet(bound: tools.map { $0.policy.effect == .readOnly ? $0 : change($0) })
    }
}

extension ToolOutput {
    fileprivate static func refusal(_ words: String) -> Self {
        var output = Self.text(words)
        output.isError = true
        return output
    }
}

extension ToolContext {
    /// The same for every try of the call.
    fileprivate var draftKey: String { key.isEmpty ? "\(runID)/\(node.activation)/\(callID)" : key }
}
