/// What every event goes through on its way to the log or to a subscriber: it may change the event, stop it, or write
/// something down with it.
public struct EventMiddleware: Sendable {
    let step: @Sendable (inout EventPassage) async throws -> Void

    public init(_ step: @escaping @Sendable (inout EventPassage) async throws -> Void) { self.step = step }
}

/// An event on its way through middleware.
public struct EventPassage: Sendable {
    /// A change of its key changes whose order it keeps.
    public var event: EventRecord
    /// What is committed together with the event, or with the note that it has been handled.
    public var batch = StorageBatch()
    public private(set) var isStopped = false

    init(_ event: EventRecord) { self.event = event }

    /// Ends its way: it is not published, or counts as handled. The batch is written nevertheless.
    public mutating func stop() { isStopped = true }

    mutating func pass(_ middleware: [EventMiddleware]) async throws {
        for piece in middleware where !isStopped { try await piece.step(&self) }
    }
}
