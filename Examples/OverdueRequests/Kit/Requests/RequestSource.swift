/// Where the requests come from.
public protocol RequestSource: Sendable {
    /// What a report calls the source.
    var name: String { get }

    /// All requests, in an order that is the same each time. Throws ``SourceError`` if there is nothing to go on with.
    func requests() async throws -> RequestBatch
}
