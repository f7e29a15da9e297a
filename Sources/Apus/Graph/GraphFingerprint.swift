/// The identity of a graph's shape: 16 hexadecimal digits that differ when nodes, edges or kinds differ. Code does not count.
final class GraphFingerprint: Sendable {
    private let value = Guarded<String?>(nil)

    init() {}

    /// Works it out from an outline when it is first asked for.
    func text(of outline: GraphOutline) -> String {
        value.withLock { value in
            if let value { return value }
            let json = (try? JSONCoding.encode(outline)) ?? []
            let digest = SHA256.digest(of: json).prefix(8)
            let text = String(decoding: digest.flatMap { [HexDigit.of($0 >> 4), HexDigit.of($0 & 15)] }, as: UTF8.self)
            value = text
            return text
        }
    }
}
