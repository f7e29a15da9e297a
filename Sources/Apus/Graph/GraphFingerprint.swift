/// The identity of a graph's shape: 11 characters that differ when nodes, edges or kinds differ. Code does not count.
final class GraphFingerprint: Sendable {
    private let value = Guarded<String?>(nil)

    init() {}

    /// Works it out from an outline when it is first asked for.
    func text(of outline: GraphOutline) -> String {
        value.withLock { value in
            if let value { return value }
            let json = (try? JSONCoding.encode(outline)) ?? []
            let text = Base64URL.text(of: SHA256.digest(of: json).prefix(8))
            value = text
            return text
        }
    }
}
