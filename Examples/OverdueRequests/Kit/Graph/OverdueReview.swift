public import Apus

/// What a review of requests has found, decided and told so far.
public struct OverdueReview: GraphState {
    public var asOf: LocalTime
    /// The file to read instead of the sample.
    public var data: String?
    /// How many rows are read at most; `nil` for all.
    public var limit: Int?
    public var source = ""
    public var requests: [ServiceRequest] = []
    public var problems = Log<RowProblem>()
    public var analysis: Analysis?
    /// The requests to decide about, the longest overdue first.
    public var overdue: [OverdueRequest] = []
    public var decisions = Log<Decision>()
    /// What a person said to escalating; `nil` if nothing was to be escalated, or nobody has answered yet.
    public var approval: Approval?
    public var notices: [Notice] = []
    public var deliveries = Log<Delivery>()
    /// The requests that an agency has been told about.
    public var told = 0
    /// Where the report is.
    public var reportPath: String?

    public static let fields: [Field<Self>] = [
        Field("source", \.source),
        Field("requests", \.requests),
        Field("problems", \.problems, merging: .append),
        Field("analysis", \.analysis),
        Field("overdue", \.overdue),
        Field("decisions", \.decisions, merging: .append),
        Field("approval", \.approval),
        Field("notices", \.notices),
        Field("deliveries", \.deliveries, merging: .append),
        Field("told", \.told, merging: .sum),
    ]

    public init(asOf: LocalTime, data: String? = nil, limit: Int? = nil) {
        self.asOf = asOf
        self.data = data
        self.limit = limit
    }

    /// The decisions as a person left them.
    var rulings: [Decision] { approval == .no ? decisions.map(\.heldBack) : Array(decisions) }

    /// Keeps what became of a notice.
    mutating func settle(_ notice: Notice, _ result: Result<Int, any Error>) {
        switch result {
        case .success(let count):
            deliveries.append(Delivery(agency: notice.agency, requests: count))
            told += count
        case .failure(let error):
            deliveries.append(
                Delivery(agency: notice.agency, requests: notice.decisions.count, failure: "\(error)"))
        }
    }
}
