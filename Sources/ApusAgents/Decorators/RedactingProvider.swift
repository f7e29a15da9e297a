import Apus

/// Sends marks in place of what is nobody else's business, and puts it back into the answer.
///
/// A conversation keeps what it was; the provider alone sees marks, the same for the same thing within a request, so it can still tell
/// people and accounts apart. Marks in the answer's text and in the arguments of its calls are replaced before anybody sees them, so a
/// tool gets the real address. A streamed answer is handed over part by part, since a mark may come in pieces.
public struct RedactingProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let redactor: Redactor

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        var redaction = Redaction(redactor)
        let hidden = redaction.redacted(request)
        return redaction.restored(try await base.chat(hidden))
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        var redaction = Redaction(redactor)
        let hidden = redaction.redacted(request)
        let response = redaction.restored(
            try await base.stream(hidden) { event in
                if case .usage = event { try await receive(event) }
            })
        for (index, part) in response.message.parts.enumerated() { try await receive(.part(part, index: index)) }
        try await receive(.finished(response.finish))
        return response
    }
}

extension Redaction {
    fileprivate mutating func redacted(_ request: ChatRequest) -> ChatRequest {
        var request = request
        for index in request.messages.indices {
            request.messages[index].parts = request.messages[index].parts.map { redacted($0) }
        }
        return request
    }

    private mutating func redacted(_ part: ChatPart) -> ChatPart {
        var part = part
        switch part.content {
        case .text(let text): part.content = .text(redacted(text))
        case .toolCall(var call):
            call.argumentsText = redacted(call.argumentsText)
            part.content = .toolCall(call)
        case .toolResult(var result):
            result.parts = result.parts.map { redacted($0) }
            part.content = .toolResult(result)
        // A thought goes back to its provider as it came; it was made of marks.
        case .reasoning, .image, .audio, .file, .other: break
        }
        return part
    }

    fileprivate func restored(_ response: ChatResponse) -> ChatResponse {
        var response = response
        response.message.parts = response.message.parts.map { part in
            var part = part
            switch part.content {
            case .text(let text): part.content = .text(restored(text))
            case .toolCall(var call):
                call.argumentsText = restored(call.argumentsText)
                part.content = .toolCall(call)
            default: break
            }
            return part
        }
        return response
    }
}

extension LLMProvider {
    /// The same model, which sees marks in place of what `redactor` finds.
    public func redacting(_ redactor: Redactor = .common) -> RedactingProvider<Self> {
        RedactingProvider(base: self, redactor: redactor)
    }
}
