import Apus
public import ApusAgents

/// Reads pieces of an answer of Gemini's; a whole answer is a single piece.
public struct GeminiFold: ChatFold {
    private let provider: String
    public private(set) var isComplete = false
    private(set) var hasCandidate = false

    private enum Kind: Equatable { case text, reasoning }
    private var hasBegun = false
    private var calls = 0
    /// The part that more text would go to, and the number of parts.
    private var current: Kind?
    private var count = 0

    init(provider: String) { self.provider = provider }

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        try read(try event.json(), emit)
    }

    mutating func read(_ chunk: JSON, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        if let complaint = Complaint(chunk) { throw complaint.fault(status: nil) }
        if !hasBegun {
            hasBegun = true
            emit(.began(id: chunk.words("responseId"), model: chunk.words("modelVersion")))
        }
        if let usage = chunk["usageMetadata"] { emit(.usage(Usage(gemini: usage))) }
        guard let candidate = chunk["candidates"]?[0] else {
            guard let reason = chunk["promptFeedback"]?.words("blockReason") else { return }
            throw AnswerFault(.filtered, "the request was blocked: \(reason)")
        }
        hasCandidate = true
        for part in candidate["content"]?["parts"]?.elements ?? [] { read(part: part, emit) }
        guard let reason = candidate["finishReason"], !reason.isNull else { return }
        emit(.finished(FinishReason(gemini: reason, hasCalls: calls > 0)))
        isComplete = true
    }

    private mutating func read(part: JSON, _ emit: (ChatEvent) -> Void) {
        let signature = part["thoughtSignature"].map { OpaqueBlock(provider: provider, $0) }
        if let text = part["text"]?.text {
            let kind: Kind = part["thought"]?.flag == true ? .reasoning : .text
            // A part that is only a signature belongs to what came before it.
            if text.isEmpty && signature == nil { return }
            if current != kind { begin(kind) }
            if !text.isEmpty || signature != nil {
                emit(kind == .text ? .text(text, index: count - 1) : .reasoning(text, index: count - 1))
            }
        } else if let call = part["functionCall"] {
            begin(nil)
            calls += 1
            let id = call.words("id") ?? "call_\(calls)"
            emit(.toolCallBegan(id: id, name: call["name"]?.text ?? "", index: count - 1))
            emit(.toolCallArguments("\(call["args"] ?? [:])", index: count - 1))
        } else if let data = part["inlineData"] {
            begin(nil)
            emit(.part(Self.media(data), index: count - 1))
        } else {
            begin(nil)
            emit(.part(ChatPart(.other, opaque: OpaqueBlock(provider: provider, part)), index: count - 1))
            return
        }
        guard let signature else { return }
        emit(.opaque(signature, index: count - 1))
        current = nil
    }

    private mutating func begin(_ kind: Kind?) {
        current = kind
        count += 1
    }

    private static func media(_ data: JSON) -> ChatPart {
        let type = data.words("mimeType") ?? "application/octet-stream"
        let media = Media(.bytes([UInt8](base64: data["data"]?.text ?? "")), type: type)
        return type.hasPrefix("image/") ? .image(media) : type.hasPrefix("audio/") ? .audio(media) : .file(media)
    }
}

extension FinishReason {
    /// A proxy may send the numbers of Google's enumeration instead of its names.
    init(gemini reason: JSON, hasCalls: Bool) {
        let names = [1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION"]
        let name = reason.text ?? reason.integerValue.map { names[$0] ?? "\($0)" } ?? ""
        switch name {
        case "STOP": self = hasCalls ? .toolCalls : .stop
        case "MAX_TOKENS": self = .length
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR":
            self = .contentFilter
        default: self = .other(name)
        }
    }
}

extension Usage {
    /// Google counts what tools brought and what the model thought apart from the rest.
    init(gemini usage: JSON) {
        let thoughts = usage[count: "thoughtsTokenCount"]
        self.init(
            inputTokens: usage[count: "promptTokenCount"] + usage[count: "toolUsePromptTokenCount"],
            outputTokens: usage[count: "candidatesTokenCount"] + thoughts,
            cachedInputTokens: usage[count: "cachedContentTokenCount"], reasoningTokens: thoughts)
    }
}
