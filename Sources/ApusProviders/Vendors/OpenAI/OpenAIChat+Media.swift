import Apus
import ApusAgents

extension OpenAIChat {
    /// A user's content: text alone where there is nothing else.
    func content(_ parts: [ChatPart]) throws(AnswerFault) -> JSON {
        if parts.allSatisfy({ if case .text = $0.content { true } else { false } }) {
            return .string(ChatMessage(.user, parts).text)
        }
        var blocks: [JSON] = []
        for part in parts { blocks.append(try block(part)) }
        return .array(blocks)
    }

    private func block(_ part: ChatPart) throws(AnswerFault) -> JSON {
        switch part.content {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let media):
            guard let link = media.link else { throw .unsupported("an image by its id") }
            return ["type": "image_url", "image_url": ["url": .string(link)]]
        case .audio(let media): return try mediaForm == .mistral ? mistral(sound: media) : openAI(sound: media)
        case .file(let media): return try mediaForm == .mistral ? mistral(file: media) : openAI(file: media)
        case .reasoning, .toolCall, .toolResult, .other: throw .unsupported("such a part in a user's message")
        }
    }

    private func openAI(sound media: Media) throws(AnswerFault) -> JSON {
        guard let data = media.base64 else { throw .unsupported("audio by a link") }
        let format = media.type.contains("wav") ? "wav" : media.type == "audio/mpeg" ? "mp3" : media.subtype
        return ["type": "input_audio", "input_audio": ["data": .string(data), "format": .string(format)]]
    }

    private func openAI(file media: Media) throws(AnswerFault) -> JSON {
        var file: JSON = [:]
        file.put("filename", media.name)
        switch media.source {
        case .bytes: file.put("file_data", media.link)
        case .id(let id): file.put("file_id", id)
        case .url: throw .unsupported("a file by a link")
        }
        return ["type": "file", "file": file]
    }

    private func mistral(sound media: Media) throws(AnswerFault) -> JSON {
        switch media.source {
        case .bytes(let bytes): return ["type": "input_audio", "input_audio": .string(bytes.base64)]
        case .url(let url): return ["type": "input_audio", "input_audio": .string(url)]
        case .id: throw .unsupported("audio by its id")
        }
    }

    private func mistral(file media: Media) throws(AnswerFault) -> JSON {
        if case .id(let id) = media.source { return ["type": "file", "file_id": .string(id)] }
        var json: JSON = ["type": "document_url"]
        json.put("document_url", media.link)
        json.put("document_name", media.name)
        return json
    }
}

extension ChatPart {
    /// Whether this is an image, a sound or a document.
    var isMedia: Bool {
        switch content {
        case .image, .audio, .file: true
        default: false
        }
    }
}

extension Media {
    /// What stands behind the slash of its type.
    var subtype: String { type.split(separator: "/").last.map { String($0) } ?? type }
}
