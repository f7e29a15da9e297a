/// Why something could not be done with a trigger.
public struct TriggerError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// No host has it registered at the moment.
        case notHosted
        /// Its host let go of it before it was known what became of the firing; fire again under the same id.
        case stopped
        /// Nothing is stored of a trigger of this name.
        case unknown
        /// It has no schedule, so that nobody knows when it would have fired.
        case notScheduled
        /// A range that is not over yet, or is empty, can't be filled back.
        case notPast
        /// Too many ranges are being filled back.
        case busy
    }

    public var code: Code
    public var trigger: String

    public init(_ code: Code, trigger: String) {
        self.code = code
        self.trigger = trigger
    }

    public var failureKind: FailureKind {
        switch code {
        case .notHosted, .stopped, .busy: .transient
        case .unknown, .notScheduled, .notPast: .permanent
        }
    }

    public var description: String {
        switch code {
        case .notHosted: "No host has the trigger \"\(trigger)\" registered now; try again."
        case .stopped:
            "The host of the trigger \"\(trigger)\" stopped before it was known what became of the firing; "
                + "fire again under the same id."
        case .unknown: "There is no trigger \"\(trigger)\"; it is known once an engine that hosts it has run."
        case .notScheduled: "The trigger \"\(trigger)\" has no schedule, so there is no past to fill back."
        case .busy: "Enough ranges of the trigger \"\(trigger)\" are being filled back; wait until one of them is done."
        case .notPast: "Only a range that lies in the past can be filled back for the trigger \"\(trigger)\"."
        }
    }
}
