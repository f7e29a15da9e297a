public import Apus

/// A tool without its types: what a model is told, and a call with JSON.
///
/// Made of a ``Tool``, or of a definition that came from elsewhere, such as a server of tools.
public struct BoundTool: Sendable {
    public let definition: ToolDefinition
    public var policy: ToolPolicy
    /// Whether a call is charged for what others spend on it.
    var spends = false
    private(set) var perform: @Sendable (JSON, ToolContext) async throws -> ToolOutput
    private let validator: JSONSchema.Validator

    /// Throws where no schema comes from the type of its input, or its name is not one that all providers take.
    public init<T: Tool>(_ tool: T) throws {
        let definition = ToolDefinition(
            name: tool.name, description: tool.description, parameters: try JSONSchema(of: T.Input.self))
        try self.init(definition, tool.policy) { arguments, context in
            let input = try arguments.decode(as: T.Input.self)
            return ToolOutput(try ToolText.parts(of: try await tool.call(input, context)))
        }
    }

    /// A tool whose schema is given.
    public init(
        _ definition: ToolDefinition, _ policy: ToolPolicy = ToolPolicy(),
        _ perform: @escaping @Sendable (JSON, ToolContext) async throws -> ToolOutput
    ) throws {
        guard Self.isName(definition.name) else {
            throw AgentError(
                .invalidTool,
                detail: "\"\(definition.name)\" is no name that all providers take: 1 to 64 of a-z A-Z 0-9 _ -")
        }
        self.definition = definition
        self.policy = policy
        self.perform = perform
        validator = try JSONSchema.Validator(definition.parameters)
    }

    public var name: String { definition.name }

    /// The same tool with other work.
    func replacing(_ perform: @escaping @Sendable (JSON, ToolContext) async throws -> ToolOutput) -> BoundTool {
        var tool = self
        tool.perform = perform
        return tool
    }

    /// What is wrong with these arguments, in words for the model; `nil` if nothing is.
    func complaint(about arguments: JSON) -> String? {
        let violations = validator.validate(arguments)
        if violations.isEmpty { return nil }
        return violations.map { "\($0)" }.joined(separator: "\n")
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// What a call gives back.
public struct ToolOutput: Sendable, Hashable, Codable {
    /// For the model to read.
    public var parts: [ChatPart]
    /// What the call itself spent of its agent's limits.
    public var spent: Spending?
    /// Who has the conversation from here on.
    public var speaker: String?
    /// Where words in it came from that anybody may have written, beside the tool itself.
    public var taint: [String]
    public var isError = false

    public init(_ parts: [ChatPart], spent: Spending? = nil, speaker: String? = nil, taint: [String] = []) {
        self.parts = parts
        self.spent = spent
        self.speaker = speaker
        self.taint = taint
    }

    public static func text(_ text: String) -> Self { Self([.text(text)]) }

    /// The same with no more text than so many bytes; what is left out is said.
    func cut(to limit: Int) -> Self {
        var (output, rest) = (self, limit)
        for index in parts.indices {
            guard case .text(let text) = parts[index].content else { continue }
            let length = text.utf8.count
            if length > rest {
                let shown = String(decoding: text.utf8.prefix(max(0, rest)), as: UTF8.self)
                output.parts[index].content = .text("\(shown)\n(\(length - rest) bytes more are left out)")
            }
            rest = max(0, rest - length)
        }
        return output
    }
}

/// What a tool returned, as a model reads it.
enum ToolText {
    /// Text as it is, parts of a message as they are, everything else as JSON.
    static func parts<Output: Encodable>(of output: Output) throws -> [ChatPart] {
        if let text = output as? String { return [.text(text)] }
        if let parts = output as? [ChatPart] { return parts }
        if output is Done { return [.text("done")] }
        return [.text("\(try JSON(encoding: output))")]
    }
}
