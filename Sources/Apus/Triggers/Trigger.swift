/// Says when runs are to start.
///
/// A host registers a trigger and takes its firings one after the other. It writes down what became of each, in one commit with the
/// start of the run and with the firing's ``Firing/position``; where it stops, another host registers the trigger behind the position
/// that was committed last. So a trigger with positions tells again, in the same order, what follows a position, and loses
/// nothing; one without tells only what happens while it is registered, and lets whoever caused a firing know what became of it.
/// Any number of hosts may have a trigger of one name registered at once: each firing is taken by one of them.
public protocol Trigger: Sendable {
    /// Names it among all triggers of a storage; what is stored of it goes by this name.
    var name: String { get }
    /// Begins to tell a host what fires behind the position that it names, until it is unregistered.
    func register(_ registration: TriggerRegistration) async throws -> Firings
    /// Ends the firings of a registration. What it was told and has not settled is up to others, or to the one who caused it.
    func unregister(_ registration: TriggerRegistration) async
}

/// A trigger that knows beforehand when it will fire.
///
/// It alone can miss a firing, tell its next ones, and be filled back over a past range.
public protocol ScheduledTrigger: Trigger {
    var schedule: Schedule { get }
}

/// One host's use of a trigger.
public struct TriggerRegistration: Sendable, Identifiable {
    /// Tells it from all others.
    public let id: String
    /// Behind what the firings begin; `nil` if nothing was taken yet, then they begin now.
    public let position: TriggerPosition?
    /// When the trigger was first hosted.
    public let since: WallTime
    /// The host's door to the outside: the only one that a trigger may use.
    public let environment: any Environment

    public init(id: String, position: TriggerPosition? = nil, since: WallTime, environment: any Environment) {
        self.id = id
        self.position = position
        self.since = since
        self.environment = environment
    }
}
