import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct RedactionTests {
    @Test func `the model sees marks, everybody else what they stand for`() async throws {
        struct Send: Tool {
            struct Input: Codable { var to: String }
            let name = "send"
            let description = "Sends"
            func call(_ input: Input, _ context: ToolContext) async throws -> String { "sent to \(input.to)" }
        }
        let model = ScriptedModel([
            .call("send", ["to": "[EMAIL-1]"]), .text("Wrote to [EMAIL-1], not [EMAIL-2] or [x]."),
        ])
        let agent = try Agent("clerk", model: model.redacting(), tools: [Send()])
        let end = try await agent.run([
            .user("Write to ada@example.org, not to bob@example.org. Card 4111 1111 1111 1111.")
        ])
        #expect(end.text == "Wrote to ada@example.org, not bob@example.org or [x].")
        #expect(end.messages.flatMap(\.toolResults).map(\.text) == ["sent to ada@example.org"])
        #expect(model.requests[0].messages[0].text == "Write to [EMAIL-1], not to [EMAIL-2]. Card [CARD-1].")
        let seen = model.requests[1].messages
        #expect(seen[1].toolCalls[0].argumentsText == #"{"to":"[EMAIL-1]"}"#)
        #expect(seen[2].toolResults[0].text == "sent to [EMAIL-1]")
    }

    @Test(
        arguments: [
            ("4111 1111 1111 1112", "4111 1111 1111 1112"), ("DE89 3704 0044 0532 0130 00", "[IBAN-1]"),
            ("DE88 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"), ("a.b+c@x.co.uk,", "[EMAIL-1],"),
            ("key sk-ant-abcdefghijklmnop1234 end", "key [KEY-1] end"), ("AKIAABCDEFGHIJKLMNOP", "[KEY-1]"),
            ("378282246310005 and 378282246310005", "[CARD-1] and [CARD-1]"), ("me@home", "me@home"), ("", ""),
        ])
    func `what is replaced has the form and the check digits of what it is`(text: String, seen: String) async throws {
        let model = ScriptedModel { _, _ in ChatResponse(.assistant("ok"), finish: .stop) }
        _ = try await model.redacting().chat(ChatRequest([.user(text)]))
        #expect(model.requests[0].messages[0].text == seen)
    }

    @Test func `own rules find names and patterns, and a stream brings no marks either`() async throws {
        let model = ScriptedModel([.text("Case [CASE-1] of [NAME-1] is closed.")])
        let redactor = Redactor([.text("Ada Lovelace", named: "NAME"), try .pattern("AZ-[0-9]+", named: "CASE")])
        let text = Guarded("")
        let response = try await model.redacting(redactor).stream(
            ChatRequest([.user("What of AZ-17, Ada Lovelace's?")])
        ) { event in
            if case .part(let part, _) = event, case .text(let more) = part.content { text.withLock { $0 += more } }
        }
        #expect(response.text == "Case AZ-17 of Ada Lovelace is closed.")
        #expect(text.withLock { $0 } == response.text)
        #expect(model.requests[0].messages[0].text == "What of [CASE-1], [NAME-1]'s?")
    }
}
