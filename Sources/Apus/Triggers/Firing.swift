/// One time that a trigger fires.
public struct Firing: Sendable, Hashable, Codable, Identifiable {
    /// Tells it from all others of its trigger. A run's id is made of it, so a firing that is told twice starts one run.
    public var id: String
    /// When it was due, or happened.
    public var due: WallTime
    /// What it carries.
    public var payload: JSON
    /// Where its trigger goes on behind it; `nil` if the trigger can't tell it again.
    public var position: TriggerPosition?
    /// How many firings that were missed before it are made good by it.
    public var missed = 0

    public init(_ id: String, due: WallTime, payload: JSON = .null, position: TriggerPosition? = nil) {
        self.id = id
        self.due = due
        self.payload = payload
        self.position = position
    }
}

/// Where a trigger stands: text that it alone understands.
public struct TriggerPosition: Sendable, Hashable, Codable, RawRepresentable {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(_ text: String) { rawValue = text }

    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
