extension Vendor {
    /// An answer with thoughts, words, calls and what else this vendor wants back, as it writes it.
    var answer: String {
        switch interface.split(separator: ".")[0] {
        case "anthropic": Self.anthropic
        case "gemini", "vertex": Self.gemini
        case "cohere": Self.cohere
        case "ollama": Self.ollama
        case "openrouter": Self.openRouter
        case "mistral": Self.mistral
        default: interface == "openai.responses" ? Self.responses : Self.chat
        }
    }

    private static let chat = #"""
        {"id":"1","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
         "content":"I look.","reasoning_content":"Rome it is.","tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]}}]}
        """#

    private static let openRouter = #"""
        {"id":"1","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
         "content":null,"reasoning":"Rome it is.","reasoning_details":[
          {"type":"reasoning.text","text":"Rome it is.","signature":"c2ln","format":"anthropic-claude-v1","index":0},
          {"type":"reasoning.encrypted","data":"ZW5j","id":"rs_1","format":"openai-responses-v1","index":1}],
         "tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]}}]}
        """#

    private static let mistral = #"""
        {"id":"1","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
         "content":[{"type":"thinking","thinking":[{"type":"text","text":"Rome it is."}]},
          {"type":"text","text":"I look."}],
         "tool_calls":[{"id":"abcdefghi","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]}}]}
        """#

    private static let responses = #"""
        {"id":"1","model":"m","status":"completed","output":[
         {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Rome it is."}],
          "encrypted_content":"ZW5j"},
         {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"Rome"}},
         {"type":"message","id":"msg_1","role":"assistant","status":"completed",
          "content":[{"type":"output_text","text":"I look.","annotations":[]}]},
         {"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","status":"completed",
          "arguments":"{\"city\":\"Rome\"}"}]}
        """#

    private static let anthropic = #"""
        {"id":"1","model":"m","type":"message","role":"assistant","stop_reason":"tool_use","content":[
         {"type":"thinking","thinking":"Rome it is.","signature":"c2ln"},
         {"type":"redacted_thinking","data":"ZW5j"},
         {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"Rome"}},
         {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result",
          "url":"https://example.org","title":"Rome","encrypted_content":"ZW5j","page_age":null}]},
         {"type":"text","text":"I look."},
         {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}},
         {"type":"tool_use","id":"toolu_2","name":"now","input":{}}]}
        """#

    private static let gemini = #"""
        {"responseId":"1","modelVersion":"m","candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[
         {"text":"Rome it is.","thought":true},{"text":"I look.","thoughtSignature":"c2ln"},
         {"executableCode":{"language":"PYTHON","code":"1"}},
         {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},
         {"functionCall":{"id":"a1","name":"weather","args":{"city":"Rome"}},"thoughtSignature":"c2ln"},
         {"functionCall":{"name":"now","args":{}}}]}}]}
        """#

    private static let cohere = #"""
        {"id":"1","finish_reason":"TOOL_CALL","message":{"role":"assistant","tool_plan":"Rome it is.",
         "content":[{"type":"thinking","thinking":"Hm."}],"tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]}}
        """#

    private static let ollama = #"""
        {"model":"m","done":true,"done_reason":"stop","message":{"role":"assistant","content":"I look.",
         "thinking":"Rome it is.","tool_calls":[
          {"function":{"name":"weather","arguments":{"city":"Rome"}}},{"function":{"name":"now","arguments":{}}}]}}
        """#
}
