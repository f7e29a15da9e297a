import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// One schema in the words of each vendor, which are found anew with each request.
@Suite struct SchemaDialectTests {
    private struct Nest: Codable {
        enum Place: String, Codable, CaseIterable { case eaves, tower }
        struct Egg: Codable { var grams: Double? }

        var place: Place?
        var eggs: [Egg]
        var height: UInt8
    }

    private struct Link: Codable { var url: URL }
    private struct Names: Codable { var names: [String: String] }
    private struct Branch: Codable { var branches: [Branch] }

    private func request(_ type: (some Codable).Type) throws -> ChatRequest {
        ChatRequest([.user("?")], format: .schema(try JSONSchema(of: type), name: "answer"))
    }

    private func openAI(_ request: ChatRequest) throws -> JSON? {
        try OpenAIChat().call(request, to: "m", isStreamed: false).body["response_format"]?["json_schema"]
    }

    private func anthropic(_ request: ChatRequest) throws -> JSON? {
        try AnthropicMessages().call(request, to: "m", isStreamed: false).body["output_config"]?["format"]?["schema"]
    }

    @Test func `OpenAI holds its models to a schema whose optionals are required and may be null`() throws {
        #expect(
            try openAI(request(Nest.self))
                == JSON(
                    parsing: #"""
                        {"name":"answer","strict":true,"schema":{"type":"object","properties":{
                          "place":{"type":["string","null"],"enum":["eaves","tower",null]},
                          "eggs":{"type":"array","items":{"type":"object",
                           "properties":{"grams":{"type":["number","null"]}},
                           "required":["grams"],"additionalProperties":false}},
                          "height":{"type":"integer","minimum":0,"maximum":255}},
                         "required":["place","eggs","height"],"additionalProperties":false}}
                        """#))
    }

    @Test func `what OpenAI can't hold a model to goes there as it is`() throws {
        for request in [try request(Link.self), try request(Names.self)] {
            guard case .schema(let schema, _) = request.format else { continue }
            let sent = try openAI(request)
            #expect(sent?["strict"] == false)
            #expect(sent?["schema"] == schema.json)
        }
        #expect(try openAI(request(Branch.self))?["strict"] == true)
        let open = ChatRequest([.user("?")], format: .schema(["type": "object", "properties": [:]], name: "open"))
        #expect(try openAI(open)?["strict"] == false)
    }

    @Test func `Anthropic has alternatives for optionals, and is told of bounds in words`() throws {
        #expect(
            try anthropic(request(Nest.self))
                == JSON(
                    parsing: #"""
                        {"type":"object","properties":{
                          "place":{"enum":["eaves","tower",null]},
                          "eggs":{"type":"array","items":{"type":"object",
                           "properties":{"grams":{"anyOf":[{"type":"number"},{"type":"null"}]}},
                           "additionalProperties":false}},
                          "height":{"type":"integer","description":"{minimum: 0, maximum: 255}"}},
                         "required":["eggs","height"],"additionalProperties":false}
                        """#))
        #expect(try anthropic(request(Link.self))?["properties"]?["url"] == ["type": "string", "format": "uri"])
    }

    @Test func `Anthropic can't be asked for members of any name, for anything, or for trees`() throws {
        for request in [try request(Names.self), try request(Branch.self), try request(JSON.self)] {
            #expect(throws: AnswerFault.self) { try anthropic(request) }
        }
    }

    @Test func `Google takes a schema as it is, where it takes JSON Schema`() throws {
        let schema = try JSONSchema(of: Nest.self)
        let tool = ToolDefinition(name: "nest", description: "", parameters: schema)
        let request = try request(Nest.self).with { $0.tools = [tool] }
        let body = try GeminiContent().call(request, to: "m", isStreamed: false).body
        #expect(body["generationConfig"]?["responseJsonSchema"] == schema.json)
        #expect(body["generationConfig"]?["responseSchema"] == nil)
        let declaration = body["tools"]?[0]?["functionDeclarations"]?[0]
        #expect(declaration?["parametersJsonSchema"] == schema.json)
        #expect(declaration?["parameters"] == nil)
    }

    @Test func `what fits the schema that was sent fits the schema that was asked for`() throws {
        let wanted = try JSONSchema.Validator(JSONSchema(of: Nest.self))
        let request = try request(Nest.self)
        let strict = try JSONSchema.Validator(JSONSchema(try #require(try openAI(request)?["schema"])))
        let closed = try JSONSchema.Validator(JSONSchema(try #require(try anthropic(request))))
        let places: [JSON?] = [nil, .null, "eaves", "tree", 7]
        let grams: [JSON?] = [nil, .null, 3.5, "light"]
        var sound = (0, 0)
        for (place, weight) in places.flatMap({ place in grams.map { (place, $0) } }) {
            var egg: JSON = [:]
            egg["grams"] = weight
            var nest: JSON = ["eggs": [egg], "height": 12]
            nest["place"] = place
            let isFit = wanted.validate(nest).isEmpty
            if strict.validate(nest).isEmpty {
                #expect(isFit, "\(nest)")
                sound.0 += 1
            }
            if closed.validate(nest).isEmpty {
                #expect(isFit, "\(nest)")
                sound.1 += 1
            }
        }
        #expect(sound == (4, 9))
    }

    @Test func `a model that stands in gets the schema in its own words`() async throws {
        let request = try request(Nest.self)
        for (first, second) in [("OpenAI", "Anthropic"), ("Anthropic", "Gemini"), ("Gemini", "OpenAI, responses")] {
            let (busy, spare) = (ScriptedTransport([.answer("{}", status: 503)]), ScriptedTransport([]))
            let model = fallback(try vendor(first).chat(busy), try vendor(second).chat(spare))
            await #expect(throws: LLMError.self) { try await model.chat(request) }
            let alone = ScriptedTransport([])
            let expected = try vendor(second).chat(alone)
            await #expect(throws: LLMError.self) { try await expected.chat(request) }
            #expect(busy.requests.count == 1)
            #expect(spare.requests.first?.body == alone.requests.first?.body)
            #expect(spare.requests.first?.body != busy.requests.first?.body)
        }
    }

    private func vendor(_ name: String) throws -> Vendor { try #require(Vendor.all.first { $0.name == name }) }

    private func fallback(_ first: any LLMProvider, _ second: any LLMProvider) -> any LLMProvider {
        func open(_ first: some LLMProvider, _ second: some LLMProvider) -> any LLMProvider {
            first.fallingBack(to: second)
        }
        return open(first, second)
    }
}
