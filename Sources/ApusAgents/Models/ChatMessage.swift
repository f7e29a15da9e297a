public import Apus

/// One message of a conversation: who speaks, and what it consists of.
public struct ChatMessage: Sendable, Hashable, Codable {
    public enum Role: String, Sendable, Hashable, Codable {
        case system, user, assistant
        /// What tools answered.
        case tool
    }

    public var role: Role
    public var parts: [ChatPart]
    /// Who of several says it; providers are not told.
    public var author: String?

    public init(_ role: Role, _ parts: [ChatPart], author: String? = nil) {
        self.role = role
        self.parts = parts
        self.author = author
    }

    public static func system(_ text: String) -> Self { Self(.system, [.text(text)]) }
    public static func user(_ text: String) -> Self { Self(.user, [.text(text)]) }
    public static func user(_ parts: [ChatPart]) -> Self { Self(.user, parts) }
    public static func assistant(_ text: String) -> Self { Self(.assistant, [.text(text)]) }
    public static func tool(_ results: [ToolResult]) -> Self { Self(.tool, results.map { ChatPart(.toolResult($0)) }) }

    /// All text parts, joined; what a model reasoned is not among it.
    public var text: String {
        parts.reduce(into: "") { text, part in
            if case .text(let more) = part.content { text += more }
        }
    }

    /// What the model reasoned, as far as its provider tells.
    public var reasoning: String {
        parts.reduce(into: "") { text, part in
            if case .reasoning(let more) = part.content { text += more }
        }
    }

    public var toolCalls: [ToolCall] {
        parts.compactMap { part in
            if case .toolCall(let call) = part.content { call } else { nil }
        }
    }

    public var toolResults: [ToolResult] {
        parts.compactMap { part in
            if case .toolResult(let result) = part.content { result } else { nil }
        }
    }
}

/// A piece of a message.
public struct ChatPart: Sendable, Hashable, Codable {
    public enum Content: Sendable, Hashable, Codable {
        case text(String)
        /// What the model thought before it answered; empty where the provider hides it.
        case reasoning(String)
        case image(Media)
        case audio(Media)
        case file(Media)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        /// A block of the provider that this library has no name for.
        case other
    }

    public var content: Content
    /// What the provider wants back as it came: a signature, an encrypted thought, a whole block.
    public var opaque: OpaqueBlock?

    public init(_ content: Content, opaque: OpaqueBlock? = nil) {
        self.content = content
        self.opaque = opaque
    }

    public static func text(_ text: String) -> Self { Self(.text(text)) }
    public static func image(_ media: Media) -> Self { Self(.image(media)) }
    public static func audio(_ media: Media) -> Self { Self(.audio(media)) }
    public static func file(_ media: Media) -> Self { Self(.file(media)) }
}

/// What only one provider understands. It goes back to that provider unchanged, and to no other.
public struct OpaqueBlock: Sendable, Hashable, Codable {
    /// As in ``ModelInfo/provider``.
    public var provider: String
    public var value: JSON

    public init(provider: String, _ value: JSON) {
        self.provider = provider
        self.value = value
    }
}

/// An image, a sound or a document.
public struct Media: Sendable, Hashable, Codable {
    public enum Source: Sendable, Hashable, Codable {
        case bytes([UInt8])
        /// A link that the provider follows; this library does not.
        case url(String)
        /// What was uploaded to the provider before.
        case id(String)
    }

    public var source: Source
    /// As in RFC 6838, `image/png`.
    public var type: String
    public var name: String?

    public init(_ source: Source, type: String, name: String? = nil) {
        self.source = source
        self.type = type
        self.name = name
    }
}
