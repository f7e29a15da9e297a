/// A request that is open after its due date.
public struct OverdueRequest: Sendable, Codable, Equatable {
    /// The request as it was known then: without the day on which it would be closed.
    public var request: ServiceRequest
    /// How long ago it was due.
    public var late: Duration

    /// `nil` if the request is not overdue at `moment`.
    public init?(_ request: ServiceRequest, at moment: LocalTime) {
        guard request.isOverdue(at: moment), let due = request.due else { return nil }
        self.request = request
        self.request.closed = nil
        late = due.duration(to: moment)
    }

    /// Those of the requests that are overdue, the latest first, then by key.
    public static func all(of requests: [ServiceRequest], at moment: LocalTime) -> [OverdueRequest] {
        requests.compactMap { OverdueRequest($0, at: moment) }
            .sorted { ($1.late, $0.request.key) < ($0.late, $1.request.key) }
    }
}
