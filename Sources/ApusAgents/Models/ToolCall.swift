public import Apus

/// That a model wants a tool to be called.
public struct ToolCall: Sendable, Hashable, Codable {
    /// Tells the calls of a conversation apart; made up where the provider has none.
    public var id: String
    public var name: String
    /// What the model wrote, whether or not it is JSON.
    public var argumentsText: String

    public init(id: String, name: String, argumentsText: String) {
        self.id = id
        self.name = name
        self.argumentsText = argumentsText
    }

    public init(id: String, name: String, arguments: JSON) {
        self.init(id: id, name: name, argumentsText: "\(arguments)")
    }

    /// The arguments; throws where the model wrote no JSON. No text at all is an empty object.
    public var arguments: JSON {
        get throws(JSONError) {
            if argumentsText.allSatisfy(\.isWhitespace) { return .object([:]) }
            return try JSON(parsing: argumentsText)
        }
    }
}

/// What a call came to, for the model to read.
public struct ToolResult: Sendable, Hashable, Codable {
    /// Of the ``ToolCall``.
    public var id: String
    /// Of the tool.
    public var name: String
    public var parts: [ChatPart]
    public var isError: Bool

    public init(id: String, name: String, parts: [ChatPart], isError: Bool = false) {
        self.id = id
        self.name = name
        self.parts = parts
        self.isError = isError
    }

    public init(_ call: ToolCall, _ text: String, isError: Bool = false) {
        self.init(id: call.id, name: call.name, parts: [.text(text)], isError: isError)
    }

    public var text: String { ChatMessage(.tool, parts).text }
}

/// What a model is told about a tool.
public struct ToolDefinition: Sendable, Hashable, Codable {
    public var name: String
    public var description: String
    /// Of the arguments, an object.
    public var parameters: JSONSchema

    public init(name: String, description: String, parameters: JSONSchema) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether a model may, must or must not call tools.
public enum ToolChoice: Sendable, Hashable, Codable {
    case auto
    case none
    /// At least one.
    case required
    /// This one.
    case tool(String)
}
