/// Where the requests come from.
public protocol RequestSource: Sendable {
    /// What a report calls the source.
    var name: String { get }

    /// All requests, in an order that is the same each time. Throws ``SourceError`` if there is nothing to go on with.
    func requests() async throws -> RequestBatch
}

extension RequestSource where Self == CSVRequestSource {
    /// The 2,000 requests of 2011 that this example brings along, or the first `limit` rows of them.
    public static func sample(limit: Int = .max) throws -> CSVRequestSource {
        try CSVRequestSource.bundled(limit: limit)
    }
}
