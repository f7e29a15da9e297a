/// What raises the level of a ``DegradationMachine``, and what it takes to lower it again.
public struct DegradationPolicy: Sendable, Hashable {
    /// Who lets a level begin that needs confirmation.
    public enum Confirmation: Sendable, Hashable {
        case person
        /// It begins by itself when it has been asked for this long without a pause.
        case after(Duration)
    }

    /// Error rate and latency are those of the calls in this time, to a twelfth of it.
    public var window = Duration.seconds(60)
    /// Fewer calls in the window say nothing.
    public var minimumCalls = 20
    /// From which share of calls that fail, from 0 to 1, a level is asked for.
    public var errorRate: [DegradationLevel: Double] = [.reduced: 0.1, .limited: 0.25, .critical: 0.5]
    /// From which duration on of the slowest hundredth of calls, to a quarter.
    public var latency: [DegradationLevel: Duration] = [:]
    /// From which reading on, by the name of the resource. A reading that is older than the window says nothing.
    public var resources: [String: [DegradationLevel: Double]] = [:]
    /// While a dependency is down, by its name.
    public var dependencies: [String: DegradationLevel] = [:]
    /// How far below its threshold a value has to be before it counts as over, as a share of the threshold.
    public var hysteresis = 0.2
    /// How long all has to be well before the level is lowered by one.
    public var dwell = Duration.seconds(30)
    public var confirmation = Confirmation.person

    public init() {}

    static let slices = 12
    var slice: Duration { window / Self.slices }
}
