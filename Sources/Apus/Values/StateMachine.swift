/// A state that knows which states may follow it.
public protocol CheckedState: Hashable, Sendable {
    /// The states that may come next, in the order in which they are named to a person; empty at an end.
    var next: [Self] { get }
}

/// A state that only takes the steps its type allows.
///
/// ```swift
/// enum Door: CheckedState {
///     case open, closed, locked
///
///     var next: [Door] {
///         switch self {
///         case .open: [.closed]
///         case .closed: [.open, .locked]
///         case .locked: [.closed]
///         }
///     }
/// }
///
/// var door = StateMachine(Door.open)
/// try door.move(to: .closed)
/// ```
public struct StateMachine<State: CheckedState>: Sendable, Hashable {
    public private(set) var state: State

    public init(_ initial: State) { state = initial }

    /// Whether nothing may follow.
    public var isOver: Bool { state.next.isEmpty }

    public func allows(_ state: State) -> Bool { self.state.next.contains(state) }

    /// Takes one step; throws and stays as it is where the step is not allowed. `subject` names whose state it is in the error.
    public mutating func move(to state: State, of subject: String? = nil) throws(TransitionError) {
        guard allows(state) else { throw TransitionError(from: self.state, to: state, of: subject) }
        self.state = state
    }
}

extension StateMachine: Codable where State: Codable {
    public init(from decoder: any Decoder) throws { state = try State(from: decoder) }

    public func encode(to encoder: any Encoder) throws { try state.encode(to: encoder) }
}

/// A step that a ``StateMachine`` does not allow.
public struct TransitionError: ClassifiedError, Equatable, CustomStringConvertible {
    public var subject: String?
    /// Where it stands, where it was to go, and where it may go instead.
    public var state: String
    public var wanted: String
    public var allowed: [String]

    public init<State: CheckedState>(from state: State, to wanted: State, of subject: String? = nil) {
        self.subject = subject
        (self.state, self.wanted) = ("\(state)", "\(wanted)")
        allowed = state.next.map { "\($0)" }
    }

    public var failureKind: FailureKind { .permanent }

    public var description: String {
        let who = subject.map { "\"\($0)\"" } ?? "It"
        let instead = allowed.isEmpty ? "nothing comes after that" : "it may become \(allowed.joined(separator: ", "))"
        return "\(who) is \(state) and can't become \(wanted); \(instead)."
    }
}
