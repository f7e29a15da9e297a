/// Why a ``Storage`` could not do what it was asked.
public struct StorageError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A precondition does not hold; nothing was written.
        case conflict
        /// It can't be reached or is too busy; nothing was written, and a later attempt may succeed.
        case unavailable
        /// The commit was sent, but what became of it is not known: read before trying again.
        case unknownOutcome
        /// There is no room left; nothing was written.
        case full
        /// What is stored is damaged and is not handed out.
        case corrupt
        /// What is there was made by something else, or by a newer version of it.
        case incompatible
        /// A key, a value or a batch exceeds a limit of the adapter.
        case tooLarge
        /// It was closed.
        case closed
        /// What is stored at a key can't be read as the type asked for, or a value can't be stored.
        case coding
        /// It refused for a reason of its own; ``StorageError/detail`` says which.
        case refused
    }

    public var code: Code
    /// The key concerned, if there is one.
    public var key: StorageKey?
    /// What else to know; never a value.
    public var detail: String?

    public init(_ code: Code, key: StorageKey? = nil, detail: String? = nil) {
        self.code = code
        self.key = key
        self.detail = detail
    }

    /// Equal codes at equal keys; the detail is for a person.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.key == right.key }

    public var failureKind: FailureKind {
        switch code {
        case .unavailable, .unknownOutcome, .full: .transient
        case .corrupt, .incompatible, .closed: .system
        case .conflict, .tooLarge, .coding, .refused: .permanent
        }
    }

    public var description: String {
        let place = key.map { " at \"\($0)\"" } ?? ""
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .conflict: return "What is stored\(place) is not what the batch requires; read it and decide again\(more)."
        case .unavailable: return "The storage can't be reached now; try again\(more)."
        case .unknownOutcome:
            return "The commit\(place) may or may not have been applied; read before trying again\(more)."
        case .full: return "The storage has no room left; make some and try again\(more)."
        case .corrupt: return "What is stored\(place) is damaged; restore it from a copy\(more)."
        case .incompatible: return "The storage is not one that this version can use\(more)."
        case .tooLarge: return "The entry\(place) is larger than the storage takes\(more)."
        case .closed: return "The storage has been closed\(more)."
        case .coding: return "The value\(place) can't be read or written as the type asked for\(more)."
        case .refused: return "The storage refused\(place)\(more)."
        }
    }
}
