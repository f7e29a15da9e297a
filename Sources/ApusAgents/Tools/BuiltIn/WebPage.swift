import Foundation

/// An answer of the web as a model reads it.
struct WebPage {
    private let status: Int
    private let headers: HTTPHeaders
    private let method: String
    /// Where it came from, if that is not where it was asked for.
    private let origin: String?
    var body: [UInt8] = []
    var isCut = false

    init(_ response: HTTPResponse, of request: HTTPRequest, wasRedirected: Bool) {
        status = response.status
        headers = response.headers
        method = request.method
        origin = wasRedirected ? request.url.absoluteString : nil
    }

    private var type: String {
        (headers["content-type"] ?? "").prefix { $0 != ";" && $0 != "," }.lowercased()
            .trimmingCharacters(while: \.isWhitespace)
    }

    var parts: [ChatPart] {
        var lines = ["status: \(status)", "content-type: \(type.isEmpty ? "none" : type)"]
        if let origin { lines.append("redirected to: \(origin)") }
        if method == "HEAD" {
            lines += headers.all.filter { $0.name != "content-type" && $0.name != "set-cookie" }
                .map { "\($0.name): \($0.value)" }
        }
        if !isCut, let media { return [.text(lines.joined(separator: "\n")), media] }
        if isCut { lines.append("cut after: \(body.count) bytes, the rest was not read") }
        guard !body.isEmpty else { return [.text(lines.joined(separator: "\n"))] }
        guard let text else {
            lines.append("The body is no text and can't be shown.")
            return [.text(lines.joined(separator: "\n"))]
        }
        return [.text(lines.joined(separator: "\n") + "\n\n" + text)]
    }

    private var media: ChatPart? {
        switch type {
        case "image/png", "image/jpeg", "image/gif", "image/webp": .image(Media(.bytes(body), type: type))
        case "application/pdf": .file(Media(.bytes(body), type: type))
        default: nil
        }
    }

    /// `nil` if it is none. What was cut may end within a character.
    private var text: String? {
        let isText =
            type.hasPrefix("text/") || type.hasSuffix("json") || type.hasSuffix("xml") || type.hasSuffix("yaml")
            || ["", "application/javascript", "application/x-www-form-urlencoded", "application/x-ndjson"].contains(
                type)
        guard isText, !body.contains(0) else { return nil }
        let charset = (headers["content-type"] ?? "").lowercased()
        if charset.contains("iso-8859-1") || charset.contains("windows-1252") {
            return String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
        }
        if type.isEmpty, !isCut { return String(validating: body, as: UTF8.self) }
        return String(decoding: body, as: UTF8.self)
    }
}

extension String {
    fileprivate func trimmingCharacters(while isOut: (Character) -> Bool) -> String {
        var rest = drop(while: isOut)
        while let last = rest.last, isOut(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
