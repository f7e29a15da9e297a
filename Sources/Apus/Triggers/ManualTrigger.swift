/// Fires when a program says so.
public final class ManualTrigger: Trigger {
    public let name: String
    private let mailbox: FiringMailbox

    public init(_ name: String) {
        self.name = name
        mailbox = FiringMailbox(name)
    }

    public func register(_ registration: TriggerRegistration) -> Firings { mailbox.open(registration) }

    public func unregister(_ registration: TriggerRegistration) { mailbox.close(registration) }

    /// Fires, and returns what became of it when that is stored.
    ///
    /// Firing again under the same `id` starts nothing new and returns what became of the first. Throws ``TriggerError/Code/notHosted``
    /// where no host of this process has the trigger, and ``TriggerError/Code/stopped`` if that stops meanwhile.
    @discardableResult
    public func fire(_ payload: JSON = .null, id: Firing.ID, at due: WallTime) async throws -> FiringOutcome {
        try await mailbox.send(Firing(id, due: due, payload: payload))
    }

    /// The same with an id and a time of its own, from the environment of the one who fires.
    @discardableResult
    public func fire(_ payload: JSON = .null, in environment: some Environment) async throws -> FiringOutcome {
        try await fire(payload, id: RunID(from: environment).value, at: environment.now().wallTime)
    }
}
