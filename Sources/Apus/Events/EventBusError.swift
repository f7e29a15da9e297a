/// Why an ``EventBus`` could not do what it was asked.
public struct EventBusError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable {
        /// An event can't be written as JSON, or its payload is none of the type asked for.
        case coding
        /// What stands in the log is not what was written there, or something is missing in it.
        case damaged
        /// Events that are needed are no longer kept.
        case trimmed
        /// There is no such dead letter, or somebody else has dealt with it.
        case unknownLetter
        /// A read model could not fold an event.
        case unfoldable
        /// An attempt to handle an event took longer than it may.
        case late
        /// The process that handled an event died, or was taken for dead, before it had done so.
        case crashed
        /// Others came first at every attempt.
        case crowded
    }

    public var code: Code
    public var subscriber: String?
    public var sequence: Int?
    public var event: String?
    /// What else to know; never a payload.
    public var detail: String?

    public init(
        _ code: Code, subscriber: String? = nil, sequence: Int? = nil, event: String? = nil, detail: String? = nil
    ) {
        self.code = code
        self.subscriber = subscriber
        self.sequence = sequence
        self.event = event
        self.detail = detail
    }

    /// Equal codes for the same subscriber, place and event; the detail is for a person.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.subscriber == right.subscriber && left.sequence == right.sequence
            && left.event == right.event
    }

    public var failureKind: FailureKind {
        switch code {
        case .crashed, .crowded, .late: .transient
        case .damaged: .system
        case .coding, .trimmed, .unknownLetter, .unfoldable: .permanent
        }
    }

    public var description: String {
        let place = [
            subscriber.map { "of \"\($0)\"" }, sequence.map { "at number \($0)" }, event.map { "with the id \($0)" },
        ].compactMap(\.self).joined(separator: ", ")
        let (what, advice) =
            switch code {
            case .coding: ("An event does not fit its type", "compare the type with what was published")
            case .damaged: ("The log of events is damaged", "restore it from a copy")
            case .trimmed:
                ("Events that are needed are no longer kept", "keep them longer, or begin with the first there is")
            case .unknownLetter: ("There is no such dead letter", "list them again")
            case .unfoldable: ("A read model could not fold an event", "mend its fold and start it again")
            case .late: ("An event was not handled in time", "allow more of it, or see what it waits for")
            case .crashed: ("A process died while it handled an event", "see what its handler does with it")
            case .crowded: ("Others published first at every attempt", "try again")
            }
        return what + (place.isEmpty ? "" : " (\(place))") + (detail.map { ": \($0)" } ?? "") + "; \(advice)."
    }
}
