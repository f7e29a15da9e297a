/// The identity of a run.
public struct RunID: Sendable, Hashable, Codable, CustomStringConvertible {
    public let value: String

    public init(_ value: String) { self.value = value }

    /// A fresh identifier from the environment's random source: 128 bits in hexadecimal.
    public init(from environment: some Environment) {
        let parts = [environment.random(), environment.random()]
        value = parts.map { part in
            let digits = String(part, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    public var description: String { value }
}
