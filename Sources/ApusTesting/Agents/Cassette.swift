import ApusAgents
import Foundation

/// Exchanges over HTTP that were recorded, without the secrets they were made with: a file that can be checked in.
public struct Cassette: Sendable, Hashable, Codable {
    /// One request and what came of it.
    public struct Exchange: Sendable, Hashable, Codable {
        public var method: String
        public var url: String
        /// Of the request; text where it is some, else Base64 with `base64:` before it.
        public var body: String
        public var status: Int
        public var headers: [String: String]
        /// The chunks of the answer as they came, in the same form.
        public var chunks: [String]
    }

    public var exchanges: [Exchange]

    public init(_ exchanges: [Exchange] = []) { self.exchanges = exchanges }

    /// Reads a file that ``write(to:)`` wrote.
    public init(contentsOf file: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: file)))
    }

    /// Writes it as JSON with sorted keys, so that versions of it can be compared.
    public func write(to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: file), options: .atomic)
    }

    static func text(of bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? "base64:\(Data(bytes).base64EncodedString())"
    }

    static func bytes(of text: String) -> [UInt8] {
        guard text.hasPrefix("base64:"), let data = Data(base64Encoded: String(text.dropFirst(7))) else {
            return Array(text.utf8)
        }
        return Array(data)
    }
}

/// What may not be in a recording.
public struct CassetteRedaction: Sendable {
    /// Headers whose values are left out, of requests and answers, in lower case.
    public var headers: Set<String>
    /// Members of an address' query whose values are left out.
    public var query: Set<String>
    /// What is replaced in addresses and bodies.
    public var replace: @Sendable (String) -> String

    public init(
        headers: Set<String> = [
            "authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie", "set-cookie", "openai-organization",
            "openai-project",
        ],
        query: Set<String> = ["key", "api_key", "api-key", "access_token", "token", "sig"],
        replace: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.headers = headers
        self.query = query
        self.replace = replace
    }

    func redacted(_ url: URL) -> String {
        guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return "" }
        parts.user = nil
        parts.password = nil
        parts.queryItems = parts.queryItems?.map { item in
            query.contains(item.name.lowercased()) ? URLQueryItem(name: item.name, value: "-") : item
        }
        return replace(parts.string ?? "")
    }
}
