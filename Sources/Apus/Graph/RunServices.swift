/// What the activations of one run share; the executor provides it.
package protocol RunServices: AnyObject, Sendable {
    var environment: any Environment { get }
    var runID: RunID { get }
    /// Whether activations have nobody to ask: no events, no pause, no limit on how many run at once.
    var isUnattended: Bool { get }
    /// Whether anybody listens to the events of the run.
    var isWatched: Bool { get }
    /// Where the run stands in a trace, if it is in one.
    var trace: RunTrace? { get }
    /// Numbers an event and hands it on.
    func emit(_ kind: @autoclosure () -> RunEvent.Kind)
    /// Whether this worker lets go of a run that goes on elsewhere or later.
    var isLetGo: Bool { get }
    /// Counts the start of an activation, and throws when the run is out of steps.
    func countActivation() throws
    /// Whether an activation could not start for want of steps.
    var isOutOfSteps: Bool { get }
    /// Waits while the run is paused or its readers are behind; throws `CancellationError` when it is cancelled.
    func pass() async throws
    /// Throws `CancellationError` when the run is cancelled, also where its tasks do not know it yet.
    func checkCancelled() async throws
    /// Waits for a place among the nodes that may run at once, and for the turn of `key`.
    func enter(key: String?, priority: Int, takesPlace: Bool) async throws
    func leave(key: String?, takesPlace: Bool)
}
