/// The requests of a source and the rows of it that could not be read, both in the order of the source.
public struct RequestBatch: Sendable, Equatable {
    public var requests: [ServiceRequest] = []
    public var problems: [RowProblem] = []

    public init() {}
}
