/// The identity of a run.
public struct RunID: Sendable, Hashable, Codable, CustomStringConvertible {
    public let value: String

    public init(_ value: String) { self.value = value }

    /// A fresh identifier: 50 bits of the calendar clock in milliseconds and 50 of the environment's random source, as 20 digits of
    /// base 32, so that later identifiers sort behind earlier ones and runs of one time are stored side by side.
    public init(from environment: some Environment) {
        let time = UInt64(clamping: environment.now().wallTime.milliseconds)
        let chance = environment.random()
        value = String(unsafeUninitializedCapacity: 20) { text in
            for place in 0..<10 {
                text[place] = Self.digit(time, place)
                text[10 + place] = Self.digit(chance, place)
            }
            return 20
        }
    }

    /// Of the last ten digits of a number in base 32 the one at this place.
    private static func digit(_ number: UInt64, _ place: Int) -> UInt8 {
        let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
        return digits.utf8Start[Int(truncatingIfNeeded: number >> UInt64(45 - place * 5)) & 31]
    }

    public var description: String { value }
}
