import Apus

/// The tools by which an agent writes to others and reads what they write.
public struct Mail: Sendable {
    let boxes: Mailboxes
    let address: String
    let others: [String]
    let wake: (@Sendable (_ letter: Letter) async throws -> Void)?

    /// The box of an agent at `address`, which may write to `others`.
    ///
    /// `wake` is told of each letter once it is stored, to wake a run that waits for it: have it send the signal ``signal`` to the run of
    /// the receiver. It may be told twice of one letter.
    public init(
        _ boxes: Mailboxes, at address: String, to others: [String],
        wake: (@Sendable (_ letter: Letter) async throws -> Void)? = nil
    ) {
        self.boxes = boxes
        self.address = address
        self.others = others
        self.wake = wake
    }

    /// The signal that wakes a run that waits for letters.
    public static let signal = "mail"

    /// `send_letter`, `read_letters`, and `wait_for_letters`, which suspends the run until there are some.
    public func tools() throws -> [BoundTool] { [try sending(), try reading(), try waiting()] }

    private struct Draft: Codable, SchemaDescribed {
        var to: String
        var text: String
        static let descriptions = ["to": "The address of the receiver.", "text": "What to write."]
    }

    private func sending() throws -> BoundTool {
        let known = others.joined(separator: ", ")
        let definition = ToolDefinition(
            name: "send_letter", description: "Writes a letter to another agent: \(known).",
            parameters: try JSONSchema(of: Draft.self))
        return try BoundTool(definition) { arguments, context in
            let draft = try arguments.decode(as: Draft.self)
            guard others.contains(draft.to) else {
                throw MailError(.unknownAddress, address: draft.to, detail: "there are \(known)")
            }
            let letter = Letter(draft.text, from: address, to: draft.to, id: context.key, taint: context.taint)
            try await boxes.send(letter)
            try await wake?(letter)
            return .text("sent")
        }
    }

    private func reading() throws -> BoundTool {
        let definition = ToolDefinition(
            name: "read_letters", description: "Takes the letters that other agents have written to you.",
            parameters: Self.nothing)
        return try BoundTool(definition) { _, context in
            Self.words(of: try await boxes.take(at: address, receipt: context.key))
        }
    }

    private func waiting() throws -> BoundTool {
        let definition = ToolDefinition(
            name: "wait_for_letters", description: "Waits until another agent writes to you, and takes the letters.",
            parameters: Self.nothing)
        return try BoundTool(definition, ToolPolicy(effect: .readOnly, timeout: nil)) { _, context in
            let node = context.node
            let receipt = "\(node.runID) \(node.activation)"
            while true {
                let letters = try await boxes.take(at: address, receipt: receipt)
                if !letters.isEmpty { return Self.words(of: letters) }
                let _: Letter = try await node.signal(named: Self.signal)
            }
        }
    }

    private static func words(of letters: [Letter]) -> ToolOutput {
        let text = letters.map { "From \($0.from): \($0.text)" }.joined(separator: "\n\n")
        return ToolOutput(
            [.text(text.isEmpty ? "There are no letters." : text)], taint: letters.flatMap(\.taint).uniqued())
    }

    private static let nothing = JSONSchema(["type": "object", "properties": [:], "additionalProperties": false])
}
