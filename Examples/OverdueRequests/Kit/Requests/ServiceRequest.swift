/// A citizen's request to the city.
///
/// The data's status column is left out: it tells how the request ended, which nobody knew while it was open.
public struct ServiceRequest: Sendable, Codable, Equatable {
    public var key: String
    public var created: LocalTime
    public var closed: LocalTime?
    public var due: LocalTime?
    /// The agency's short name, `DOT`.
    public var agency: String
    /// The agency in full, or the unit of it that answers.
    public var unit: String
    public var complaint: String
    public var detail: String
    public var borough: String

    public init(
        key: String, created: LocalTime, closed: LocalTime? = nil, due: LocalTime? = nil, agency: String,
        unit: String = "", complaint: String = "", detail: String = "", borough: String = ""
    ) {
        self.key = key
        self.created = created
        self.closed = closed
        self.due = due
        self.agency = agency
        self.unit = unit
        self.complaint = complaint
        self.detail = detail
        self.borough = borough
    }

    /// Whether the request had been made and not yet been closed.
    public func isOpen(at moment: LocalTime) -> Bool {
        created <= moment && closed.map { $0 > moment } ?? true
    }

    /// Whether the request is open and its due date has passed.
    public func isOverdue(at moment: LocalTime) -> Bool {
        isOpen(at: moment) && due.map { $0 < moment } ?? false
    }

    /// Whether the request is open and due now or within the next 24 hours.
    public func isDueSoon(at moment: LocalTime) -> Bool {
        guard isOpen(at: moment), let due else { return false }
        return (.zero ... .seconds(24 * 60 * 60)).contains(moment.duration(to: due))
    }
}
