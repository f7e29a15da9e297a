import Apus
import OverdueRequestsKit

/// A citizen has asked for something.
struct RequestOpened: DomainEvent {
    static let eventType = "request.opened"
    var request: ServiceRequest
    var eventKey: String { request.key }
}

/// An agency has done it.
struct RequestClosed: DomainEvent {
    static let eventType = "request.closed"
    var key: String
    var agency: String
    var closed: LocalTime
    var eventKey: String { key }
}

/// Why an agency is told of a request.
enum NoticeReason: String, Codable, CaseIterable, Sendable { case urgent, overdue }

/// An agency is to be told of a request.
struct NoticeWanted: DomainEvent, Equatable {
    static let eventType = "notice.wanted"
    var request: ServiceRequest
    var reason: NoticeReason
    /// Grows when a notice that was kept as a draft is wanted once more.
    var round = 0
    /// When it was wanted first; `nil` in the first round.
    var since: WallTime?

    var eventKey: String { request.key }
    /// The same in each round, so that the receiver can tell a repetition.
    var notice: String { "\(request.key)-\(reason.rawValue)" }
}

/// An attempt to tell an agency is over.
struct NoticeSettled: DomainEvent {
    enum Outcome: String, Codable, Sendable { case told, kept, needless }

    static let eventType = "notice.settled"
    var wanted: NoticeWanted
    var outcome: Outcome
    /// What the agency was told, or why it was not.
    var text: String
    /// Since it was wanted.
    var waited: Duration

    var eventKey: String { wanted.request.key }
}
