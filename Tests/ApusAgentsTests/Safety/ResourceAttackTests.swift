import Apus
import ApusAgents
import ApusTesting
import Foundation
import Testing

/// What is sent to use up a process ends in an error, soon, and the process stays up (S25).
@Suite struct ResourceAttackTests {
    private static func many(_ text: String, _ count: Int = 100_000) -> String { String(repeating: text, count: count) }

    // MARK: Values

    @Test func `nesting is bounded before anything is built`() {
        let attacks = [
            Self.many("["), Self.many("[") + Self.many("]"), Self.many(#"{"a":"#), Self.many("[{\"a\":"),
            Self.many(#"{"a":"#) + "1" + Self.many("}"), Self.many("[", 513) + Self.many("]", 513),
            Self.many(" ") + Self.many("["), "[[],{}," + Self.many("[", 600),
        ]
        for text in attacks {
            #expect(throws: JSONError.self, "\(text.prefix(20))") { try JSON(parsing: text) }
            #expect(throws: JSONError.self) { try ToolCall(id: "1", name: "a", argumentsText: text).arguments }
        }
    }

    @Test func `no caller can ask for a depth that a thread has no room for`() throws {
        let deep = JSON.maximumDepth
        #expect(throws: JSONError.self) { try JSON(parsing: Self.many("[") + Self.many("]"), depth: .max) }
        #expect(throws: JSONError.self) {
            try JSON(parsing: Self.many("[", deep + 1) + Self.many("]", deep + 1), depth: .max)
        }
        let value = try JSON(parsing: Self.many("[", deep) + Self.many("]", deep), depth: .max)
        #expect("\(value)".utf8.count == 2 * deep)
    }

    @Test func `a number that is no integer is an error where one is expected, and never a trap`() throws {
        let none = [
            "1.5", "1e30", "-1e30", "9223372036854775808", "1e400", "-1e400", "1e999999999999", "NaN", "Infinity",
            "0x10",
            "1_000", "\"1\"", "true", "null", "[1]", "{}", "-", "1" + Self.many("0"), "1e" + Self.many("9"),
            "-" + Self.many("9"), "1." + Self.many("5"), Self.many("-"), "0." + Self.many("5"),
        ]
        for text in none {
            #expect(throws: (any Error).self, "\(text.prefix(20))") { try JSON(parsing: text).decode(as: Int.self) }
            for type in [Int8.self, UInt8.self, Int32.self, UInt64.self] as [any Decodable.Type] {
                _ = try? JSON(parsing: text).decode(as: type)
            }
        }
        for (text, value) in [("0.1e1", 1), ("-0", 0), ("-0.0", 0), ("1e3", 1_000), ("9223372036854775807", Int.max)] {
            #expect(try JSON(parsing: text).decode(as: Int.self) == value)
        }
    }

    @Test func `many members, long keys and equal ones cost no more than their length`() throws {
        let members = (0..<50_000).map { "\"\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSON(parsing: "{\(members)}")["49999"] == 49_999)
        let same = Self.many("\"a\":1,") + "\"a\":2"
        #expect(try JSON(parsing: "{\(same)}")["a"] == 2)
        let long = Self.many("x", 1_000_000)
        #expect(try JSON(parsing: "{\"\(long)\":\"\(long)\"}")[long]?.text?.utf8.count == 1_000_000)
        #expect(try JSON(parsing: "[\(Self.many("0,", 500_000))0]").elements?.count == 500_001)
        #expect(throws: JSONError.self) { try JSON(parsing: "\"" + Self.many("\\", 99_999)) }
        #expect(try JSON(parsing: "\"\(Self.many(#"\ud800"#))\"").text?.unicodeScalars.count == 100_000)
    }

    // MARK: Schemas

    @Test(arguments: [
        ##"{"$ref": "#"}"##,
        ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}"##,
        ##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, ##"{"not": {"$ref": "#"}}"##,
        ##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}], "minLength": 9}"##,
        ##"{"if": {"$ref": "#"}, "then": {"$ref": "#"}}"##,
        ##"{"$dynamicAnchor": "a", "$dynamicRef": "#a"}"##, ##"{"pattern": "(a+)+b"}"##, ##"{"pattern": "(a|aa)+$b"}"##,
        ##"{"pattern": "(.*)*(.*)*(.*)*b"}"##, ##"{"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}"##,
        ##"{"pattern": "(a{1,100}){1,100}b"}"##,
    ])
    func `a schema that goes on for ever is given up`(text: String) throws {
        var limits = JSONSchema.Limits()
        (limits.applications, limits.patternSteps) = (20_000, 100)
        let validator = try JSONSchema.Validator(JSONSchema(JSON(parsing: text)), limits: limits)
        #expect(!validator.validate(.string(Self.many("a", 200))).isEmpty)
    }

    @Test func `a schema that is too large or too deep is refused, or judges`() throws {
        var deep: JSON = true
        for _ in 0..<500 { deep = ["not": deep] }
        var wide: JSON = [:]
        wide["anyOf"] = .array(Array(repeating: ["type": "string"], count: 20_000))
        for schema in [deep, wide] {
            guard let validator = try? JSONSchema.Validator(JSONSchema(schema)) else { continue }
            #expect(!validator.validate(1).isEmpty)
        }
        #expect(throws: JSONSchemaError.self) {
            try JSONSchema.Validator(JSONSchema(["pattern": .string(Self.many("(a"))]))
        }
    }

    // MARK: Agents

    private struct Counter: Tool {
        struct Input: Codable { var number: Int }
        let name = "count"
        let description = "Counts"
        func call(_ input: Input, _ context: ToolContext) async throws -> Int { input.number }
    }

    /// A model that never comes to an end.
    private struct Endless: LLMProvider {
        let info = ModelInfo(provider: "test", model: "endless")
        let asked = Asked()
        var answer: @Sendable (Int) -> [ChatPart]

        final class Asked: Sendable {
            private let count = Guarded(0)
            func next() -> Int {
                count.withLock {
                    $0 += 1; return $0
                }
            }
            var number: Int { count.withLock { $0 } }
        }

        func chat(_ request: ChatRequest) async throws -> ChatResponse {
            ChatResponse(ChatMessage(.assistant, answer(asked.next())), finish: .toolCalls)
        }

        func stream(
            _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
        ) async throws -> ChatResponse {
            try await chat(request)
        }
    }

    private func call(_ number: Int, _ arguments: String) -> ChatPart {
        ChatPart(.toolCall(ToolCall(id: "c\(number)", name: "count", argumentsText: arguments)))
    }

    @Test func `a model that calls for ever is stopped by the turns, and by the calls`() async throws {
        let model = Endless { [call] in [call($0, #"{"number": 1}"#)] }
        for limits in [AgentLimits(turns: 7), AgentLimits(turns: 1_000, toolCalls: 7)] {
            await #expect(throws: RunError.self) {
                try await Agent("loop", model: model, tools: [Counter()], limits: limits).respond(to: "go on")
            }
        }
        #expect(model.asked.number <= 15)
    }

    @Test func `a model that writes what does not fit is stopped, whatever it writes`() async throws {
        for arguments in [
            Self.many("["), #"{"number": 1.5}"#, #"{"number": 1e30}"#, "{", "\u{0}", Self.many("{\"number\":"),
        ] {
            let model = Endless { [call] in [call($0, arguments)] }
            await #expect(throws: RunError.self, "\(arguments.prefix(20))") {
                try await Agent("loop", model: model, tools: [Counter()], limits: AgentLimits(turns: 6)).respond(
                    to: "go on")
            }
            #expect(model.asked.number <= 6)
        }
    }

    @Test func `a thousand calls in one turn are no more than allowed`() async throws {
        let model = Endless { [call] turn in (0..<1_000).map { call(turn * 1_000 + $0, #"{"number": 1}"#) } }
        await #expect(throws: RunError.self) {
            try await Agent("loop", model: model, tools: [Counter()], limits: AgentLimits(toolCalls: 10)).respond(
                to: "go")
        }
        #expect(model.asked.number <= 2)
    }
}
