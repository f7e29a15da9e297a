import CorpusKit
import Foundation

/// An answer that another library keeps for its tests: the bodies alone, of streams the data of each event.
struct Fixture: Decodable {
    var name: String
    var provider: String
    var kind: String
    var responseBody: String

    static let all: [Fixture] = {
        guard Corpus.isPresent else { return [] }
        return (try? Corpus.lines(of: "providers/vercel-ai-fixtures.jsonl.gz", as: Fixture.self)) ?? []
    }()

    /// The same as a recording, told by its members; `nil` if it is of no interface that is supported.
    var recording: Recording? {
        let isStream = kind != "json"
        let lines = responseBody.split(whereSeparator: \.isNewline)
        let text = isStream ? String(lines.first ?? "") : responseBody
        // The pieces and the whole of this one were written by hand and disagree.
        if name == "openai-shell-container.1.chunks.txt" { return nil }
        // Some hold the streams of several turns one behind the other, some end with an error.
        let starts = ["\"message_start\"", "\"response.created\"", "\"type\":\"error\""].map {
            responseBody.components(separatedBy: $0).count - 1
        }
        guard provider != "amazon-bedrock", starts[0] < 2, starts[1] < 2, starts[2] == 0 else { return nil }
        guard let first = try? JSONSerialization.jsonObject(with: Data(text.utf8)), let api = api(of: first) else {
            return nil
        }
        var body = isStream ? lines.map { "data: \($0)\n\n" }.joined() : responseBody
        if isStream, api == "chat.completions" { body += "data: [DONE]\n\n" }
        return Recording(
            id: name, api: api, endpoint: "", responseStatus: 200, responseHeaders: [:], responseBody: body,
            bodyEncoding: "utf8", bodyKind: isStream ? "sse" : "json", file: provider)
    }

    private func api(of object: Any) -> String? {
        let type = at(object, "type") as? String ?? ""
        if at(object, "choices") != nil { return "chat.completions" }
        if at(object, "output") != nil || type.hasPrefix("response.") { return "responses" }
        if type == "message" || type == "message_start" { return "messages" }
        if at(object, "candidates") != nil { return "generateContent" }
        if provider == "cohere", at(object, "message") is Walk.Object || type == "message-start" {
            return "cohere.v2.chat"
        }
        return nil
    }
}
