import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Foundation

/// One exchange that somebody recorded.
struct Recording: Decodable, Sendable, CustomStringConvertible {
    var id: String
    var api: String
    var endpoint: String
    var responseStatus: Int
    var responseHeaders: [String: String]
    var responseBody: String
    var bodyEncoding: String
    var bodyKind: String
    /// The file, which is named after the provider.
    var file = ""

    private enum CodingKeys: String, CodingKey {
        case id, api, endpoint, responseStatus, responseHeaders, responseBody, bodyEncoding, bodyKind
    }

    var description: String { "\(file) \(api) \(id)" }
    var bytes: [UInt8] { Array(responseBody.utf8) }
    var isStream: Bool { bodyKind == "sse" || bodyKind == "ndjson" || api == "streamGenerateContent" }

    /// All that are open, by the files' names.
    static let all: [Recording] = {
        guard Corpus.isPresent else { return [] }
        let files = [
            "openai", "azure", "anthropic", "gemini", "vertex", "cohere", "ollama", "groq", "openrouter", "deepseek",
            "mistral", "xai", "huggingface", "perplexity", "other", "voyage",
        ]
        return files.flatMap { file -> [Recording] in
            let lines = (try? Corpus.lines(of: "providers/\(file).jsonl.gz", as: Recording.self)) ?? []
            return lines.map { line in
                var line = line
                line.file = file
                return line
            }
        }
    }()

    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        for (name, value) in responseHeaders { headers[name] = value }
        switch bodyKind {
        case "sse": headers["content-type"] = "text/event-stream"
        case "ndjson": headers["content-type"] = "application/x-ndjson"
        default: break
        }
        return headers
    }

    /// The ends of the events in the body, found without the parsers under test.
    var boundaries: [Int] {
        let bytes = bytes
        var ends: [Int] = []
        var lineStart = 0
        for (index, byte) in bytes.enumerated() where byte == 10 {
            let isBlank = index == lineStart || index == lineStart + 1 && bytes[lineStart] == 13
            if isBlank || bodyKind != "sse" { ends.append(index + 1) }
            lineStart = index + 1
        }
        return ends
    }

    /// The events' data, found without the parsers under test.
    var documents: [String] {
        if bodyKind == "ndjson" { return responseBody.split(whereSeparator: \.isNewline).map { String($0) } }
        let lines = responseBody.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        var documents: [String] = []
        var data: [Substring] = []
        for line in lines + [""] {
            if line.isEmpty, !data.isEmpty {
                documents.append(data.joined(separator: "\n"))
                data = []
            }
            if line.hasPrefix("data:") { data.append(line.dropFirst(5).drop { $0 == " " }) }
        }
        return documents
    }
}

/// Answers every request as a recording did.
struct ReplayTransport: HTTPTransport {
    var recording: Recording
    /// The sizes of the chunks are drawn from this seed; without one the body comes at once.
    var seed: UInt64?

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let chunks = seed.map { Chunks.random(recording.bytes, seed: $0) } ?? [recording.bytes]
        var headers = recording.headers
        if recording.isStream, recording.bodyKind == "json" { headers["content-type"] = nil }
        return HTTPResponse(status: recording.responseStatus, headers: headers, body: HTTPBody(chunks: chunks))
    }
}

enum Chunks {
    /// Pieces of 1 to 64 bytes.
    static func random(_ bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
        var state = seed
        var chunks: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            chunks.append(Array(rest.prefix(Int(state >> 58) + 1)))
            rest = rest.dropFirst(chunks[chunks.count - 1].count)
        }
        return chunks
    }
}
