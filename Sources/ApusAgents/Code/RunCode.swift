public import Apus

/// Lets a model have code run. A person is asked each time unless the policy says otherwise.
///
/// A confined run leaves nothing behind, so that one which a crash interrupted is run again.
public struct RunCode: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var code: String
        public var language: String?
        public var input: String?
        public static let descriptions = [
            "code": "A whole program. What it prints is the result.", "language": "One of those the tool names",
            "input": "What the program reads from its standard input",
        ]

        public init(code: String, language: String? = nil, input: String? = nil) {
            self.code = code
            self.language = language
            self.input = input
        }
    }

    /// The runner's own limits end a call, so there is no other.
    public static let policy = ToolPolicy(effect: .readOnly, permission: .ask, timeout: nil)

    public let name = "run_code"
    public let policy: ToolPolicy
    private let runner: any CodeRunner

    public init(_ runner: some CodeRunner, policy: ToolPolicy = RunCode.policy) {
        self.runner = runner
        self.policy = policy
    }

    public var description: String {
        let limits = runner.limits
        return """
            Runs a program and returns what it prints. Languages: \(runner.languages.joined(separator: ", ")), the first if none is \
            named. It has no network and no files but those it writes itself, which are gone afterwards; \
            \(limits.wallTime), \(limits.memory >> 20) MB.
            """
    }

    public func call(_ input: Input, _ context: ToolContext) async throws -> String {
        let request = CodeRequest(input.code, language: input.language, input: input.input ?? "")
        return "\(try await runner.run(request, in: context.environment))"
    }
}
