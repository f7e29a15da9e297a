/// Why a text is not a time.
public struct LocalTimeError: Error, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// The text has another form.
        case form
        /// The form is right, but there is no such date or time of day.
        case value
    }

    public let code: Code
    /// The form that was expected.
    public let form: String

    public var description: String {
        switch code {
        case .form: "not a time of the form \(form)"
        case .value: "there is no such date or time of day"
        }
    }
}

extension LocalTime {
    /// Reads `03/20/2011 12:05:09 AM`, the form of the city's data.
    public init(cityForm text: String) throws(LocalTimeError) {
        let form = "MM/dd/yyyy hh:mm:ss AM"
        guard let numbers = Self.numbers(in: text.dropLast(3), as: "00/00/0000 00:00:00"),
            let half = Self.halves[String(text.suffix(3)).uppercased()]
        else { throw LocalTimeError(code: .form, form: form) }
        let hour = numbers[3]
        guard (1...12).contains(hour),
            let time = LocalTime(
                year: numbers[2], month: numbers[0], day: numbers[1], hour: hour % 12 + half, minute: numbers[4],
                second: numbers[5])
        else { throw LocalTimeError(code: .value, form: form) }
        self = time
    }

    /// Reads `2011-03-20T00:05:09`, or a day alone, which means its first second.
    public init(isoForm text: String) throws(LocalTimeError) {
        let form = "yyyy-MM-ddTHH:mm:ss"
        let numbers = Self.numbers(in: text[...], as: "0000-00-00T00:00:00")
        guard let numbers = numbers ?? Self.numbers(in: text[...], as: "0000-00-00").map({ $0 + [0, 0, 0] }) else {
            throw LocalTimeError(code: .form, form: form)
        }
        guard
            let time = LocalTime(
                year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
                second: numbers[5])
        else { throw LocalTimeError(code: .value, form: form) }
        self = time
    }

    /// The hours that each half of the day adds, with the space before it.
    private static let halves = [" AM": 0, " PM": 12]

    /// The numbers of a text that has a digit wherever the pattern has one, and is equal to the pattern elsewhere.
    private static func numbers(in text: Substring, as pattern: StaticString) -> [Int]? {
        let pattern = pattern.withUTF8Buffer { Array($0) }
        guard text.utf8.count == pattern.count else { return nil }
        var numbers: [Int] = []
        var inNumber = false
        for (byte, expected) in zip(text.utf8, pattern) {
            guard expected == UInt8(ascii: "0") else {
                if byte != expected { return nil }
                inNumber = false
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            if !inNumber { numbers.append(0) }
            inNumber = true
            numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return numbers
    }
}

extension LocalTime: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            try self.init(isoForm: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
