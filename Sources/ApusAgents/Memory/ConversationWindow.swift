import Apus

/// The part of a conversation that a model is shown.
struct ConversationWindow {
    let messages: Log<ChatMessage>
    let hidden: Int

    /// What is shown: everything behind what is hidden, and what the user said last, wherever it stands.
    var shown: [ChatMessage] {
        let rest = Array(messages[hidden...])
        if rest.contains(where: { $0.role == .user }) { return rest }
        return messages[..<hidden].last { $0.role == .user }.map { [$0] + rest } ?? rest
    }

    /// How many to hide so that about `count` are shown. Results are never shown without the calls they belong to.
    static func hiding(allBut count: Int, of messages: Log<ChatMessage>, from hidden: Int) -> Int {
        var cut = max(hidden, messages.count - count)
        while cut > hidden, messages[cut].role == .tool { cut -= 1 }
        return cut
    }
}
