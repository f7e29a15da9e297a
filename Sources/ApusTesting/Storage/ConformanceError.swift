/// A clause of a contract that an adapter does not keep, and what was seen instead.
public struct ConformanceError: Error, Equatable, CustomStringConvertible {
    /// The sentence that does not hold.
    public var clause: String
    /// What was expected and what was found.
    public var finding: String

    public init(clause: String, finding: String) {
        self.clause = clause
        self.finding = finding
    }

    public var description: String { "Not so: \(clause). \(finding)" }
}
