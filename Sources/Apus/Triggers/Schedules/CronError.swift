/// Why a text is no cron expression.
public struct CronError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fields by name, in the order of the calendar.
    @nonexhaustive
    public enum Field: String, Sendable, Hashable, Codable, CaseIterable {
        case second, minute, hour
        case dayOfMonth = "day of month"
        case month
        case dayOfWeek = "day of week"
        case year
    }

    /// Where it is; `nil` if it is about the whole.
    public var field: Field?
    /// What does not fit, as it was written.
    public var text: String
    public var reason: String

    public init(_ text: String, in field: Field? = nil, _ reason: String) {
        self.text = text
        self.field = field
        self.reason = reason
    }

    public var description: String {
        let place = field.map { "the \($0.rawValue) \"\(text)\"" } ?? "the cron expression \"\(text)\""
        return "\(place): \(reason)."
    }
}
