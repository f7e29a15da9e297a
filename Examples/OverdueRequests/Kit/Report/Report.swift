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
    /// What a person said to escalating; `nil` if nothing was to be escalated.
    public var approval: Approval?
    public var deliveries: [Delivery]

    init(of review: OverdueReview) {
        asOf = review.asOf
        source = review.source
        requestsRead = review.requests.count
        problems = Array(review.problems)
        counts = review.analysis?.total ?? Analysis.Count()
        agencies = review.analysis?.agencies ?? []
        decisions = review.rulings
        approval = review.approval
        deliveries = Array(review.deliveries)
    }
}
