/// What became of one notice.
public struct Delivery: Sendable, Codable, Equatable {
    public var agency: String
    public var requests: Int
    /// Why the notice was not delivered; `nil` if it was.
    public var failure: String?

    public init(agency: String, requests: Int, failure: String? = nil) {
        self.agency = agency
        self.requests = requests
        self.failure = failure
    }
}
