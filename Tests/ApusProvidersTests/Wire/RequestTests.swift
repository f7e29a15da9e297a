import Apus
import ApusAgents
import ApusProviders
import Testing

/// How each vendor is told the same conversation: an image, a thought, a call and its result.
@Suite struct RequestTests {
    private func body(_ dialect: some ChatDialect, _ provider: String) throws -> JSON {
        let request = ChatRequest.everything(of: provider).with {
            ($0.toolChoice, $0.allowsParallelCalls) = (.auto, nil)
        }
        return try dialect.call(request, to: "m", isStreamed: true).body
    }

    @Test func `OpenAI's chat has a message for each result and arguments as text`() throws {
        let body = try body(OpenAIChat(), "openai")
        #expect(
            try body["messages"]
                == JSON(
                    parsing: #"""
                        [{"role":"system","content":"Be brief."},
                         {"role":"user","content":[{"type":"text","text":"What is the weather here?"},
                          {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},
                         {"role":"assistant","content":"I look.","reasoning_details":"c2lnbmVk","tool_calls":[
                          {"id":"call_1","type":"function","function":
                           {"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},
                         {"role":"tool","tool_call_id":"call_1","content":"Sunny"}]
                        """#))
        #expect(body["stream_options"] == ["include_usage": true])
        #expect(body["response_format"]?["json_schema"]?["strict"] == true)
    }

    @Test func `OpenAI's responses have items of their own for thoughts, calls and results`() throws {
        let body = try body(OpenAIResponses(), "openai")
        #expect(
            try body["input"]
                == JSON(
                    parsing: #"""
                        [{"role":"system","content":"Be brief."},
                         {"role":"user","content":[{"type":"input_text","text":"What is the weather here?"},
                          {"type":"input_image","detail":"auto","image_url":"data:image/png;base64,AQID"}]},
                         "c2lnbmVk", {"role":"assistant","content":"I look."},
                         {"type":"function_call","call_id":"call_1","name":"weather",
                          "arguments":"{\"city\":\"Rome\"}"},
                         {"type":"function_call_output","call_id":"call_1","output":"Sunny"}]
                        """#))
        #expect(body["store"] == false)
    }

    @Test func `Anthropic has alternating roles, signed thoughts and results that the user brings`() throws {
        let body = try body(AnthropicMessages(), "anthropic")
        #expect(
            try body["messages"]
                == JSON(
                    parsing: #"""
                        [{"role":"user","content":[{"type":"text","text":"What is the weather here?"},
                          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]},
                         {"role":"assistant","content":[
                          {"type":"thinking","thinking":"Rome it is.","signature":"c2lnbmVk"},
                          {"type":"text","text":"I look."},
                          {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Rome"}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1",
                          "content":[{"type":"text","text":"Sunny"}]}]}]
                        """#))
        #expect(body["system"] == "Be brief.")
    }

    @Test func `Google has parts without ids, and signatures beside them`() throws {
        let body = try body(GeminiContent(), "gcp.gemini")
        #expect(
            try body["contents"]
                == JSON(
                    parsing: #"""
                        [{"role":"user","parts":[{"text":"What is the weather here?"},
                          {"inlineData":{"mimeType":"image/png","data":"AQID"}}]},
                         {"role":"model","parts":[
                          {"text":"Rome it is.","thought":true,"thoughtSignature":"c2lnbmVk"},{"text":"I look."},
                          {"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},
                         {"role":"user","parts":[{"functionResponse":
                          {"name":"weather","response":{"result":"Sunny"}}}]}]
                        """#))
    }

    @Test func `Cohere has plans, and Ollama images beside the text`() throws {
        let plan = try body(CohereChat(), "cohere")["messages"]?[2]
        #expect(plan?["tool_plan"] == "Rome it is.")
        #expect(plan?["tool_calls"]?[0]?["id"] == "call_1")
        let messages = try body(OllamaChat(), "ollama")["messages"]
        #expect(messages?[1] == ["role": "user", "content": "What is the weather here?", "images": ["AQID"]])
        #expect(messages?[3] == ["role": "tool", "tool_name": "weather", "content": "Sunny"])
    }

    @Test func `thoughts of one provider go to no other`() throws {
        for dialect in [AnthropicMessages(), AnthropicMessages(provider: "copy")] {
            let isSent = "\(try body(dialect, "anthropic"))".contains("c2lnbmVk")
            #expect(isSent == (dialect.provider == "anthropic"))
        }
        #expect(!"\(try body(OpenAIResponses(), "anthropic"))".contains("c2lnbmVk"))
        #expect(!"\(try body(GeminiContent(), "anthropic"))".contains("Rome it is."))
    }

    @Test func `what a vendor has no words for is refused before anything is sent`() {
        let sound = ChatRequest([.user([.audio(Media(.bytes([1]), type: "audio/wav"))])])
        #expect(throws: AnswerFault.self) { try AnthropicMessages().call(sound, to: "m", isStreamed: false) }
        let budget = ChatRequest([.user("Hello")]).with { $0.reasoning = .tokens(100) }
        #expect(throws: AnswerFault.self) { try OpenAIChat().call(budget, to: "m", isStreamed: false) }
        let forced = ChatRequest([.user("Hello")]).with { $0.toolChoice = .required }
        #expect(throws: AnswerFault.self) { try OllamaChat().call(forced, to: "m", isStreamed: false) }
    }

    @Test func `members of one's own lie over those that are written`() throws {
        let request = ChatRequest([.user("Hello")]).with {
            $0.extra = ["temperature": 0.1, "provider": ["order": ["a"]]]
            $0.temperature = 0.9
        }
        let body = try OpenAIChat().call(request, to: "m", isStreamed: false).body
        #expect(body["temperature"] == 0.1)
        #expect(body["provider"]?["order"] == ["a"])
    }
}
