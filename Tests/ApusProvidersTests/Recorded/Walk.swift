import Apus
import ApusAgents
import Foundation

/// What an answer says, found by walking over plain JSON objects; nothing of the decoders under test is used.
struct Walk: Equatable {
    struct Call: Equatable {
        var name: String
        /// With sorted keys, or as it was written where it is no JSON.
        var arguments: String

        init(_ name: Any?, text: String) {
            self.name = name as? String ?? ""
            arguments = Walk.canonical(text)
        }

        init(_ name: Any?, value: Any?) {
            let data = try? JSONSerialization.data(withJSONObject: value ?? [:], options: [.fragmentsAllowed])
            self.init(name, text: String(decoding: data ?? Data(), as: UTF8.self))
        }
    }

    var text = ""
    var reasoning = ""
    var calls: [Call] = []
    var finish = ""
    var input = 0
    var output = 0
    var cached = 0
    var thought = 0
    /// Whether the answer said that it was over.
    var isOver = false

    typealias Object = [String: Any]

    /// The same of a response of ours.
    init(_ response: ChatResponse) {
        text = response.text
        reasoning = response.message.reasoning
        calls = response.toolCalls.map { Call($0.name, text: $0.argumentsText) }
        finish = "\(response.finish)"
        (input, output) = (response.usage.inputTokens, response.usage.outputTokens)
        (cached, thought) = (response.usage.cachedInputTokens, response.usage.reasoningTokens)
        isOver = true
    }

    init() {}

    static func canonical(_ text: String) -> String {
        let text = text.allSatisfy(\.isWhitespace) ? "{}" : text
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed]),
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
        else { return text }
        return String(decoding: data, as: UTF8.self)
    }

    static func objects(_ recording: Recording) -> [Object] {
        let texts = recording.isStream && recording.bodyKind != "json" ? recording.documents : [recording.responseBody]
        return texts.flatMap { text -> [Object] in
            let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            return value as? [Object] ?? (value as? Object).map { [$0] } ?? []
        }
    }
}

/// Reads into plain JSON by a path of keys and positions.
func at(_ value: Any?, _ path: Any...) -> Any? {
    var value = value
    for step in path {
        if let key = step as? String { value = (value as? Walk.Object)?[key] }
        if let index = step as? Int {
            let list = value as? [Any]
            value = (list?.count ?? 0) > index ? list?[index] : nil
        }
    }
    return value is NSNull ? nil : value
}

func list(_ value: Any?, _ path: String...) -> [Walk.Object] {
    var value = value
    for key in path { value = at(value, key) }
    return value as? [Walk.Object] ?? []
}

func count(_ value: Any?, _ path: String...) -> Int {
    var value = value
    for key in path { value = at(value, key) }
    return (value as? NSNumber)?.intValue ?? 0
}
