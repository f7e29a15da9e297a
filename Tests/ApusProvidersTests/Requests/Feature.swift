import Apus
import ApusAgents
import Foundation

/// One thing that a request can ask for, and a request that asks for it.
struct Feature: Sendable {
    var name: String
    var request: ChatRequest
    /// The same request without it.
    var plain: ChatRequest

    private init(_ name: String, _ request: ChatRequest, without plain: ChatRequest = ChatRequest([])) {
        self.name = name
        self.request = request
        self.plain = plain
    }

    /// A question, with a change.
    private init(_ name: String, _ change: (inout ChatRequest) -> Void) {
        let plain = ChatRequest([.user("Which birds sleep in the air?")])
        self.init(name, plain.with(change), without: plain)
    }

    private init(_ name: String, asking parts: [ChatPart]) {
        self.init(name, ChatRequest([.user([.text("What is this?")] + parts)]))
    }

    static let all = conversations + limits + tools + results + media + forms + efforts

    private static let conversations = [
        Feature("text") { _ in },
        Feature("system", ChatRequest([.system("Be brief."), .system("Be kind."), .user("Hello")])),
        Feature("conversation", ChatRequest([.user("Hello"), .assistant("Good morning."), .user("Who are you?")])),
    ]

    private static let limits = [
        Feature("token limit") { $0.maximumTokens = 300 },
        Feature("temperature") { $0.temperature = 0.5 },
        Feature("top p") { $0.topP = 0.9 },
        Feature("stop") { $0.stop = ["END", "."] },
        Feature("seed") { $0.seed = 7 },
    ]

    // MARK: Tools

    private struct Journey: Codable {
        struct Stop: Codable {
            var place: String
            var nights: Int?
        }
        enum Season: String, Codable, CaseIterable { case spring, autumn }

        var stops: [Stop]
        var season: Season
        var budget: Double?
    }

    private struct Nest: Codable {
        var eggs: UInt8
        var found: Date
        var photo: URL?
        var rings: Set<String>
        var coverage: Float
    }

    private struct Names: Codable { var names: [String: String] }

    private struct Pedigree: Codable {
        var name: String
        var parents: [Pedigree]
    }

    private static func schema(_ name: String, _ type: (some Codable).Type) -> Feature {
        Feature("schema with \(name)") { $0.format = .schema((try? JSONSchema(of: type)) ?? false, name: "answer") }
    }

    private static let weather = ToolDefinition(
        name: "weather", description: "The weather of a city.",
        parameters: [
            "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
            "additionalProperties": false,
        ])
    private static let plan = ToolDefinition(
        name: "plan", description: "Plans a journey.", parameters: (try? JSONSchema(of: Journey.self)) ?? false)
    private static let now = ToolDefinition(
        name: "now", description: "The time.", parameters: ["type": "object", "properties": [:]])

    private static let equipped = ChatRequest([.user("What is the weather?")], tools: [weather, now])

    private static func choice(_ name: String, _ choice: ToolChoice) -> Feature {
        Feature("tool choice: \(name)", equipped.with { $0.toolChoice = choice }, without: equipped)
    }

    private static func parallel(_ name: String, _ isAllowed: Bool) -> Feature {
        Feature("parallel calls \(name)", equipped.with { $0.allowsParallelCalls = isAllowed }, without: equipped)
    }

    private static let tools = [
        Feature("tools") { $0.tools = [weather, plan, now] },
        choice("none", .none), choice("required", .required), choice("one", .tool("weather")),
        parallel("allowed", true), parallel("forbidden", false),
    ]

    private static func called(_ results: (ToolCall, ToolCall) -> [ChatMessage]) -> ChatRequest {
        let calls = (
            ToolCall(id: "call_1abcdef", name: "weather", arguments: ["city": "Rome"]),
            ToolCall(id: "call_2abcdef", name: "now", argumentsText: "")
        )
        let said = ChatMessage(
            .assistant, [.text("I look."), ChatPart(.toolCall(calls.0)), ChatPart(.toolCall(calls.1))])
        return ChatRequest([.user("What is the weather?"), said] + results(calls.0, calls.1), tools: [weather, now])
    }

    private static let results = [
        Feature(
            "tool results",
            called { [.tool([ToolResult($0, "Sunny"), ToolResult($1, "No clock.", isError: true)])] }),
        Feature("tool results, apart", called { [.tool([ToolResult($0, "Sunny")]), .tool([ToolResult($1, "Noon")])] }),
        Feature(
            "tool result with an image",
            called { call, other in
                let parts: [ChatPart] = [.text("A photo:"), .image(Media(.bytes([1, 2, 3]), type: "image/png"))]
                return [.tool([ToolResult(id: call.id, name: call.name, parts: parts), ToolResult(other, "Noon")])]
            }),
    ]

    // MARK: Media

    private static let media = [
        Feature("image", asking: [.image(Media(.bytes([1, 2, 3]), type: "image/png"))]),
        Feature("image by a link", asking: [.image(Media(.url("https://example.org/swift.jpg"), type: "image/jpeg"))]),
        Feature("image by its id", asking: [.image(Media(.id("file-1"), type: "image/png"))]),
        Feature("sound", asking: [.audio(Media(.bytes([1, 2, 3]), type: "audio/wav"))]),
        Feature("file", asking: [.file(Media(.bytes([1, 2, 3]), type: "application/pdf", name: "swifts.pdf"))]),
        Feature("file of text", asking: [.file(Media(.bytes(Array("Apus".utf8)), type: "text/plain", name: "a.txt"))]),
        Feature("file by a link", asking: [.file(Media(.url("https://example.org/a.pdf"), type: "application/pdf"))]),
        Feature("file by its id", asking: [.file(Media(.id("file-1"), type: "application/pdf"))]),
    ]

    // MARK: Answers

    private static let forms = [
        Feature("JSON") { $0.format = .json },
        Feature("schema") { $0.format = .schema(weather.parameters, name: "place") },
        schema("optionals", Journey.self), schema("bounds and formats", Nest.self),
        schema("any names", Names.self), schema("itself in it", Pedigree.self),
    ]

    private static let efforts =
        [("none", ReasoningEffort.none), ("minimal", .minimal), ("low", .low), ("medium", .medium), ("high", .high)]
        .map { name, effort in Feature("reasoning: \(name)") { $0.reasoning = effort } } + [
            Feature("reasoning: tokens") { ($0.reasoning, $0.maximumTokens) = (.tokens(2_048), 8_192) }
        ]
}
