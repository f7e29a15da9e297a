/// A trigger with what its firings start; a graph whose state's type only it knows.
final class HostedTrigger: Sendable {
    let trigger: any Trigger
    let policy: TriggerPolicy
    /// Begins the run of a firing; false if it is there already. Throws ``FiringRefusal`` if none can be made of it.
    let begin: @Sendable (Engine, Firing, RunID, StartTerms) async throws -> Bool
    /// Rings when there may be something to decide.
    let bell = Doorbell()

    init(
        _ trigger: any Trigger, _ policy: TriggerPolicy,
        begin: @escaping @Sendable (Engine, Firing, RunID, StartTerms) async throws -> Bool
    ) {
        self.trigger = trigger
        self.policy = policy
        self.begin = begin
    }

    var name: String { trigger.name }
    var schedule: Schedule? { (trigger as? any ScheduledTrigger)?.schedule }
}

/// No run can be made of a firing.
struct FiringRefusal: Error {
    var detail: String
}
