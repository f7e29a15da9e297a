/// What a review found, decided and delivered; the same data and moment give the same report.
public struct Report: Sendable, Codable, Equatable {
    public var asOf: LocalTime
    public var source: String
    public var requestsRead: Int
    /// The rows that could not be read.
    public var problems: [RowProblem]
    public var counts: Analysis.Count
    public var agencies: [Analysis.Agency]
    /// One for each overdue request, in the order of their due dates.
    public var decisions: [Decision]
    public var deliveries: [Delivery]

    public init(
        asOf: LocalTime, source: String, requestsRead: Int, problems: [RowProblem], analysis: Analysis,
        decisions: [Decision], deliveries: [Delivery]
    ) {
        self.asOf = asOf
        self.source = source
        self.requestsRead = requestsRead
        self.problems = problems
        counts = analysis.total
        agencies = analysis.agencies
        self.decisions = decisions
        self.deliveries = deliveries
    }
}
