/// A statement about a recorded run that explains itself when it does not hold.
public struct RunAssertion: Sendable, CustomStringConvertible {
    /// What is claimed, in words.
    public let description: String
    /// What is the case instead; `nil` if the claim holds.
    private let contradiction: @Sendable (RunRecording) -> String?

    /// A claim of your own; `contradiction` returns what is the case instead, or `nil` if the claim holds.
    public init(_ description: String, contradiction: @escaping @Sendable (RunRecording) -> String?) {
        self.description = description
        self.contradiction = contradiction
    }

    /// The claim and what is the case instead; `nil` if the claim holds.
    func failure(in recording: RunRecording) -> String? {
        contradiction(recording).map { "\(description), but \($0)" }
    }
}

extension RunAssertion {
    /// The node started at least once, or exactly so many times.
    public static func visited(_ node: String, times: Int? = nil) -> RunAssertion {
        let count = times.map { " \($0.times)" } ?? ""
        return RunAssertion("\(node) is visited\(count)") { recording in
            let visits = recording.visits(of: node)
            if times.map({ $0 == visits }) ?? (visits > 0) { return nil }
            return visits == 0 ? recording.absence(of: node) : "it started \(visits.times)"
        }
    }

    /// The node was skipped and never started.
    public static func skipped(_ node: String) -> RunAssertion {
        RunAssertion("\(node) is skipped") { recording in
            if recording.skipped(node) { return nil }
            let visits = recording.visits(of: node)
            return visits == 0 ? recording.absence(of: node) : "it started \(visits.times)"
        }
    }

    /// Both nodes started, and the first had ended, in all its activations, before the second started.
    public static func order(of first: String, before second: String) -> RunAssertion {
        RunAssertion("\(first) comes before \(second)") { recording in
            if recording.order(of: first, before: second) { return nil }
            for node in [first, second] where !recording.visited(node) {
                return "\(node): \(recording.absence(of: node))"
            }
            return "\(second) started before \(first) had ended"
        }
    }

    /// The run ended in this way.
    public static func ended(_ outcome: RunRecording.Outcome) -> RunAssertion {
        RunAssertion("the run is \(outcome)") { recording in
            recording.outcome == outcome ? nil : "it is \(recording.outcome)"
        }
    }

    /// The node failed for good, or was passed over.
    public static func failed(_ node: String) -> RunAssertion {
        RunAssertion("\(node) fails") { recording in
            if recording.failure(of: node) != nil { return nil }
            return recording.visited(node) ? "it did not" : recording.absence(of: node)
        }
    }
}

extension RunRecording {
    /// The assertions that do not hold, in words; `#expect(recording.failures(of: …) == [])` shows them.
    public func failures(of assertions: RunAssertion...) -> [String] {
        assertions.compactMap { $0.failure(in: self) }
    }

    /// Throws if an assertion does not hold, with all that don't and the course of the run.
    public func verify(_ assertions: RunAssertion...) throws(RunAssertionFailure) { try verify(assertions) }

    /// Throws if an assertion does not hold, with all that don't and the course of the run.
    public func verify(_ assertions: [RunAssertion]) throws(RunAssertionFailure) {
        let failures = assertions.compactMap { $0.failure(in: self) }
        if !failures.isEmpty { throw RunAssertionFailure(failures: failures, course: description) }
    }

    fileprivate func absence(of node: String) -> String { skipped(node) ? "it was skipped" : "it never started" }
}

/// The assertions about a run that do not hold.
public struct RunAssertionFailure: Error, Equatable, CustomStringConvertible {
    /// Each with what is the case instead.
    public let failures: [String]
    /// The run in one line.
    public let course: String

    public var description: String { failures.joined(separator: "\n") + "\nthe run: \(course)" }
}

extension Int {
    fileprivate var times: String { self == 1 ? "once" : "\(self) times" }
}
