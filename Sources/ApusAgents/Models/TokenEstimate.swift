import Apus

/// How many tokens something is, before its provider has counted them.
///
/// A token for every 3.5 bytes of text, which is somewhat more than English, JSON and code take with the vocabularies of today, and less than
/// some other scripts do; 1,000 for each image or other medium.
public enum TokenEstimate {
    public static func of(_ message: ChatMessage) -> Int {
        4 + message.parts.reduce(0) { $0 + of($1) }
    }

    public static func of(_ messages: some Sequence<ChatMessage>) -> Int { messages.reduce(0) { $0 + of($1) } }

    /// With the definitions of its tools.
    public static func of(_ request: ChatRequest) -> Int {
        request.tools.reduce(of(request.messages)) { sum, tool in
            sum + of(tool.name) + of(tool.description) + of("\(tool.parameters.json)") + 8
        }
    }

    public static func of(_ text: String) -> Int { (text.utf8.count * 2 + 6) / 7 }

    private static func of(_ part: ChatPart) -> Int {
        switch part.content {
        case .text(let text), .reasoning(let text): of(text)
        case .toolCall(let call): of(call.name) + of(call.argumentsText) + 8
        case .toolResult(let result): result.parts.reduce(8) { $0 + of($1) }
        case .image, .audio, .file: 1_000
        case .other: 0
        }
    }
}
