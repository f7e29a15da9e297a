/// Why a run can't be forked or undone at a point of its history.
public struct HistoryError: ClassifiedError, Hashable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// The history has no point of this number.
        case noSuchPoint
        /// Nothing was open then, so that nothing could go on.
        case nothingOpen
        /// An effect was under way; a fork can neither repeat it nor leave it out.
        case effectOpen
        /// Branches had diverged, so that an edit has no place among their changes.
        case branchesOpen
        /// Bodies of an open composite had ended; what they did goes with the state they began with.
        case insideComposite
    }

    public var code: Code
    public var run: RunID
    /// The number of the point.
    public var point: Int
    /// The activations concerned.
    public var activations: [String]
    /// The nearest points at which it can be done, the next one before and the next one behind, as far as there are any.
    public var nearest: [Int]

    public init(_ code: Code, run: RunID, point: Int, activations: [String] = [], nearest: [Int] = []) {
        self.code = code
        self.run = run
        self.point = point
        self.activations = activations
        self.nearest = nearest
    }

    public var failureKind: FailureKind { .permanent }

    public var description: String {
        let places = activations.map { "\"\($0)\"" }.joined(separator: ", ")
        let other = nearest.map(String.init).joined(separator: " or ")
        let hint = nearest.isEmpty ? "" : "; take point \(other) instead"
        switch code {
        case .noSuchPoint: return "The run \"\(run)\" has no point \(point)\(hint)."
        case .nothingOpen: return "Nothing of the run \"\(run)\" was open at point \(point)\(hint)."
        case .effectOpen:
            return "At point \(point) of the run \"\(run)\" an effect of \(places) was under way\(hint)."
        case .branchesOpen:
            return "At point \(point) of the run \"\(run)\" the branches \(places) had diverged, "
                + "so that an edit of the state has no meaning\(hint)."
        case .insideComposite:
            return "At point \(point) of the run \"\(run)\" a part of \(places) was done, "
                + "which goes with the state it began with\(hint)."
        }
    }
}
