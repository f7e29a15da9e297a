/// What happens when a reader of a run's events falls behind.
///
/// A bound counts the events that the reader has not finished with; those that were kept for it from before it came
/// do not count.
public enum EventPolicy: Sendable, Hashable {
    /// The run waits between activations until the reader has caught up, so that nothing is lost.
    ///
    /// A task that holds such a reader must read it before it waits for the run to end, or both wait for ever.
    case wait(bound: Int)
    /// The reader is ended with an ``EventError`` that carries the sequence number to resume from; the run never
    /// waits.
    case cut(bound: Int)

    /// Back pressure at 1,024 events.
    public static let wait = EventPolicy.wait(bound: 1_024)
    /// The reader is ended at more than 1,024 events.
    public static let cut = EventPolicy.cut(bound: 1_024)
}
