import OverdueRequestsKit

/// Moments and requests that several tests speak of.
enum Samples {
    static let asOf = LocalTime(year: 2011, month: 3, day: 20)!

    /// A request that was made on March 1st and is so late at ``asOf``.
    static func request(
        _ key: String = "1", late days: Int, hours: Int = 0, agency: String = "DOT", complaint: String = "Pothole"
    ) -> ServiceRequest {
        let due = LocalTime(year: 2011, month: 3, day: 20 - days - (hours > 0 ? 1 : 0), hour: (24 - hours) % 24)
        return ServiceRequest(
            key: key, created: LocalTime(year: 2011, month: 3, day: 1)!, due: due, agency: agency, unit: "Streets",
            complaint: complaint, borough: "QUEENS")
    }

    static func decision(about request: ServiceRequest) -> Decision {
        guard let overdue = OverdueRequest(request, at: asOf) else { preconditionFailure("\(request) is not overdue") }
        return DecisionRules().decide(overdue)
    }
}
