/// Text that nobody is to read by accident: wherever it is printed, dumped, reflected or encoded, dots stand for it.
public struct Secret: Sendable, Hashable {
    static let mask = "•••"

    private let text: String

    public init(_ text: String) { self.text = text }

    /// The text itself, for the one call that needs it.
    public func reveal() -> String { text }

    public var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { Self.mask }
    public var debugDescription: String { Self.mask }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct) }
}

extension Secret: Codable {
    /// Text; what an encoded secret left is refused, so that dots never become one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try container.decode(String.self)
        if text == Self.mask {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the secret was masked")
        }
    }

    /// Dots.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.mask)
    }
}

extension Secret: ConfigurationValue {
    public init?(setting: JSON) {
        guard let text = setting.text, text != Self.mask else { return nil }
        self.text = text
    }

    /// Dots.
    public var setting: JSON { .string(Self.mask) }
    public static var wanted: String { "secret text" }
}
