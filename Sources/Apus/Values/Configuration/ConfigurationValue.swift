/// What a setting can be: it reads itself from JSON, where text stands for what an environment variable says.
public protocol ConfigurationValue: Sendable, Equatable {
    /// `nil` if `setting` is none of these.
    init?(setting: JSON)
    /// What reads back as this value.
    var setting: JSON { get }
    /// What is wanted, in words: "a whole number".
    static var wanted: String { get }
}

/// Values that are Codable read themselves from JSON, or from text that is JSON.
extension ConfigurationValue where Self: Codable {
    public init?(setting: JSON) {
        if let value = try? setting.decode(as: Self.self) {
            self = value
        } else if let text = setting.text, let json = try? JSON(parsing: text),
            let value = try? json.decode(as: Self.self)
        {
            self = value
        } else {
            return nil
        }
    }

    public var setting: JSON { (try? JSON(encoding: self)) ?? .null }
    public static var wanted: String { "JSON of a \(Self.self)" }
}

/// An enumeration with text is one of its cases.
extension ConfigurationValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public init?(setting: JSON) {
        guard let text = setting.text, let value = Self(rawValue: text) else { return nil }
        self = value
    }

    public var setting: JSON { .string(rawValue) }
    public static var wanted: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}

extension String: ConfigurationValue {
    public init?(setting: JSON) {
        guard let text = setting.text else { return nil }
        self = text
    }

    public var setting: JSON { .string(self) }
    public static var wanted: String { "text" }
}

extension Bool: ConfigurationValue {
    public init?(setting: JSON) {
        switch (setting.flag, setting.text?.lowercased()) {
        case (let flag?, _): self = flag
        case (_, "true"), (_, "yes"), (_, "on"), (_, "1"): self = true
        case (_, "false"), (_, "no"), (_, "off"), (_, "0"): self = false
        default: return nil
        }
    }

    public var setting: JSON { .bool(self) }
    public static var wanted: String { "true or false" }
}

extension Int: ConfigurationValue {
    public init?(setting: JSON) {
        guard let number = setting.integerValue ?? setting.text.flatMap({ Int($0) }) else { return nil }
        self = number
    }

    public var setting: JSON { .integer(Int64(self)) }
    public static var wanted: String { "a whole number" }
}

extension Double: ConfigurationValue {
    public init?(setting: JSON) {
        guard let number = setting.double ?? setting.text.flatMap({ Double($0) }), number.isFinite else { return nil }
        self = number
    }

    public var setting: JSON { .number(self) }
    public static var wanted: String { "a number" }
}

extension Duration: ConfigurationValue {
    private static let units: [(name: String, length: Duration)] = [
        ("ns", .nanoseconds(1)), ("us", .microseconds(1)), ("ms", .milliseconds(1)), ("s", .seconds(1)),
        ("m", .seconds(60)), ("h", .seconds(3_600)), ("d", .seconds(86_400)),
    ]

    /// A number with a unit, such as `1.5s`; a number alone counts seconds.
    public init?(setting: JSON) {
        if let seconds = setting.double, seconds.isFinite, abs(seconds) < 1e15 {
            self = .seconds(seconds)
            return
        }
        guard let text = setting.text else { return nil }
        let number = text.prefix { !$0.isLetter }
        let unit = text.dropFirst(number.count)
        guard let length = Self.units.first(where: { $0.name == unit })?.length else { return nil }
        if let count = Int(number), abs(count) < 1_000_000_000 {
            self = length * count
        } else if let count = Double(number), count.isFinite, abs(count) < 1e9 {
            self = length * count
        } else {
            return nil
        }
    }

    public var setting: JSON {
        let unit = Self.units.last { self == $0.length * Int(self / $0.length) && self >= $0.length } ?? Self.units[0]
        return .string("\(Int(self / unit.length))\(unit.name)")
    }

    public static var wanted: String { "a duration such as 250ms, 30s, 5m or 1h" }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    /// An array, or text with commas.
    public init?(setting: JSON) {
        let parts =
            setting.elements
            ?? setting.text.map { text in
                text.split(separator: ",").map { .string(String($0.trimmingPrefix { $0 == " " })) }
            }
        guard let parts else { return nil }
        var elements: [Element] = []
        for part in parts {
            guard let element = Element(setting: part) else { return nil }
            elements.append(element)
        }
        self = elements
    }

    public var setting: JSON { .array(map(\.setting)) }
    public static var wanted: String { "a list, each \(Element.wanted)" }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    public init?(setting: JSON) {
        if setting.isNull {
            self = .none
        } else if let value = Wrapped(setting: setting) {
            self = .some(value)
        } else {
            return nil
        }
    }

    public var setting: JSON { self?.setting ?? .null }
    public static var wanted: String { "\(Wrapped.wanted), or nothing" }
}
