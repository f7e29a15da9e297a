import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// The requests that go out for all features of all vendors, and what vendors have no words for.
struct Capture {
    private(set) var lines: [VendorTypes.Line] = []
    /// The names of features, by the vendor's.
    private(set) var refused: [String: [String]] = [:]
    /// What leaves no trace in a vendor's body.
    private(set) var dropped: [String: [String]] = [:]

    static func all() async throws -> Capture {
        var capture = Capture()
        for vendor in Vendor.all {
            for feature in Feature.all {
                try await capture.add(feature.name, feature.request, of: vendor)
                let isSame =
                    try await capture.body(feature.request, of: vendor) == capture.body(feature.plain, of: vendor)
                if isSame, feature.request != feature.plain {
                    capture.dropped[vendor.name, default: []].append(feature.name)
                }
            }
            try await capture.add("going on", capture.goingOn(vendor), of: vendor)
            for dimensions in [nil, 256] { try await capture.addVectors(of: vendor, dimensions) }
        }
        for index in capture.lines.indices { capture.lines[index].isBroken = true }
        return capture
    }

    /// What is sent; `nil` if the request is refused.
    private func body(_ request: ChatRequest, of vendor: Vendor) async throws -> JSON? {
        let transport = ScriptedTransport([])
        _ = try? await vendor.chat(transport).chat(request)
        return try transport.requests.first.map { try JSON(parsing: $0.body) }
    }

    /// The request after an answer that called tools.
    private func goingOn(_ vendor: Vendor) async throws -> ChatRequest {
        let question = ChatRequest([.user("What is the weather?")])
        let answer = try await vendor.chat(ScriptedTransport([.answer(vendor.answer)])).chat(question)
        return question.going(on: answer)
    }

    /// Sends a request whole and streamed to a server that never answers.
    mutating func add(_ feature: String, _ request: ChatRequest, of vendor: Vendor) async throws {
        for isStreamed in [false, true] {
            let transport = ScriptedTransport([])
            let model = vendor.chat(transport)
            let error = await #expect(throws: LLMError.self, "\(vendor.name), \(feature)") {
                _ = try await isStreamed ? model.stream(request) { _ in } : model.chat(request)
            }
            if error?.code == .unsupported, transport.requests.isEmpty {
                if !isStreamed { refused[vendor.name, default: []].append(feature) }
            } else {
                try add(transport, vendor.name, feature, vendor.interface, isStreamed)
            }
        }
    }

    private mutating func addVectors(of vendor: Vendor, _ dimensions: Int?) async throws {
        for vectors in vendor.vectors {
            for texts in [["swift"], ["swift", "swallow"]] {
                let transport = ScriptedTransport([])
                _ = try? await vectors.provider(transport, dimensions).embed(texts)
                try add(transport, vendor.name, "vectors", vectors.interface, false)
            }
        }
    }

    private mutating func add(
        _ transport: ScriptedTransport, _ vendor: String, _ feature: String, _ interface: String, _ isStreamed: Bool
    ) throws {
        let request = try #require(transport.requests.last)
        let query = request.url.query().map { "?\($0)" } ?? ""
        lines.append(
            VendorTypes.Line(
                vendor: vendor, feature: feature, interface: interface, isStreamed: isStreamed,
                path: request.url.path() + query, body: try JSON(parsing: request.body)))
    }
}

extension ChatRequest {
    /// The same conversation after an answer, whose calls all had a result.
    func going(on answer: ChatResponse) -> ChatRequest {
        var request = self
        request.messages.append(answer.message)
        if answer.toolCalls.isEmpty {
            request.messages.append(.user("Go on."))
        } else {
            request.messages.append(.tool(answer.toolCalls.map { ToolResult($0, "Sunny") }))
        }
        return request
    }
}
