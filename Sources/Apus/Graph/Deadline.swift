/// The moment by which work has to have ended, with all that is inside of it.
public struct Deadline: Sendable, Hashable, Codable {
    public var moment: WallTime
    /// Who set it: `run`, or an activation.
    public var setBy: String

    public init(_ moment: WallTime, setBy: String) {
        self.moment = moment
        self.setBy = setBy
    }
}

/// Work did not end by a deadline. It is not tried again unless the retry policy says so, and not once the deadline has passed.
public struct DeadlineError: ClassifiedError, Equatable, CustomStringConvertible {
    /// What was cut off; `nil` for the run as a whole.
    public var activation: ActivationID?
    public var deadline: Deadline
    /// What the last attempt failed with that there was no time to repeat.
    public var cause: String?

    public init(activation: ActivationID?, deadline: Deadline, cause: String? = nil) {
        self.activation = activation
        self.deadline = deadline
        self.cause = cause
    }

    public var failureKind: FailureKind { .permanent }
    public var description: String {
        let what = activation.map(Self.opening) ?? "The run did not end by the deadline"
        let setter = deadline.setBy == Deadline.run ? "the start of the run" : "\"\(deadline.setBy)\""
        let more = cause.map { "; its last attempt failed: \($0)" } ?? ""
        return "\(what) that \(setter) set, \(deadline.moment.date)\(more)."
    }
}

extension DeadlineError {
    /// How the description of one about an activation begins.
    private static func opening(_ activation: ActivationID) -> String {
        "\"\(activation)\" did not end by the deadline"
    }

    /// Whether a description that was written down is that of such an error.
    static func isNote(_ note: String, of activation: ActivationID) -> Bool { note.hasPrefix(opening(activation)) }
}

extension Deadline {
    /// The name of a run as the one who set it.
    static let run = "run"
}

/// What holds inside of an activation or a run, for all that happens there.
final class ActivationScope: Sendable {
    let deadline: Deadline?
    /// The innermost sign of life that is waited for.
    let pulse: Pulse?

    init(deadline: Deadline? = nil, pulse: Pulse? = nil) {
        self.deadline = deadline
        self.pulse = pulse
    }

    /// What holds inside of this one with one more deadline: the earlier counts.
    func narrowed(to deadline: Deadline?, _ pulse: Pulse?) -> ActivationScope {
        let first = [self.deadline, deadline].compactMap(\.self).min { $0.moment < $1.moment }
        return ActivationScope(deadline: first, pulse: pulse ?? self.pulse)
    }
}

extension NodeContext {
    /// By when this activation has to have ended: the earliest of its own, those around it, and its run's; `nil` for never.
    public var deadline: Deadline? { scope?.deadline }

    /// How long it is until then, at least zero.
    public var remaining: Duration? {
        deadline.map { max(.zero, environment.now().wallTime.duration(to: $0.moment)) }
    }

    /// What holds inside of the activation.
    var scope: ActivationScope? { extras?.scope ?? site.scope }

    /// The same activation with what holds inside of it.
    func inside(_ scope: ActivationScope) -> NodeContext {
        NodeContext(
            site: site, node: Int(node), attempt: attempt, iteration: Int(iteration), index: Int(index),
            extras: (extras ?? ActivationExtras()).with(scope))
    }
}

extension ActivationExtras {
    func with(_ scope: ActivationScope) -> ActivationExtras {
        ActivationExtras(
            outerIterations: outerIterations, failures: failures, handle: handle, body: body, ledger: ledger,
            scope: scope)
    }
}
