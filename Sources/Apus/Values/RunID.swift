/// The identity of a run.
public struct RunID: Sendable, Hashable, Codable, CustomStringConvertible {
    public let value: String

    public init(_ value: String) { self.value = value }

    /// A fresh identifier: 50 bits of the calendar clock in milliseconds and 50 of the environment's random source, as 20 digits of
    /// base 32, so that later identifiers sort behind earlier ones and runs of one time are stored side by side.
    public init(from environment: some Environment) {
        let time = UInt64(clamping: environment.now().wallTime.milliseconds)
        let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var text: [UInt8] = []
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(digits[Int(truncatingIfNeeded: time >> UInt64(shift)) & 31])
        }
        let chance = environment.random()
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(digits[Int(truncatingIfNeeded: chance >> UInt64(shift)) & 31])
        }
        value = String(decoding: text, as: UTF8.self)
    }

    public var description: String { value }
}
