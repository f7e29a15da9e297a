/// What a host makes of a trigger's firings.
public struct TriggerPolicy: Sendable, Hashable, Codable {
    /// What becomes of firings that were due while nobody was there, or the trigger was paused.
    public enum Misfire: Sendable, Hashable, Codable {
        /// None of them starts a run.
        case skip
        /// The last of them starts one run for all.
        case runOnce
        /// Each starts a run, the last `upTo` of them at most.
        case runAll(upTo: Int)
    }

    /// What becomes of a firing while a run of the trigger is under way.
    public enum Overlap: Sendable, Hashable, Codable {
        /// Its run starts beside it.
        case allow
        /// It starts no run.
        case skip
        /// Its run starts when its turn has come; of those that wait, what goes beyond `upTo` starts none.
        case queue(upTo: Int)
        /// The older run is cancelled, and its run starts when that has ended. Of several that wait the newest counts.
        case cancelOlder
    }

    /// It applies to triggers with a schedule: other triggers tell what happened, and no firing of theirs is too late.
    public var misfire = Misfire.runOnce
    public var overlap = Overlap.allow
    /// Each start is put off by a part of this that the names of trigger and firing determine, for all hosts the same.
    public var jitter = Duration.zero
    /// How late a firing may be taken before it counts as missed.
    public var tolerance = Duration.seconds(60)
    /// How many firings may wait at once, for their delay or their turn; what comes then is dropped as ``FiringLoss/Reason/full``.
    public var waiting = 1_000
    /// How long a firing that can't be told again, such as a request, is remembered by its id.
    public var memory = Duration.seconds(86_400)

    public init(misfire: Misfire = .runOnce, overlap: Overlap = .allow, jitter: Duration = .zero) {
        self.misfire = misfire
        self.overlap = overlap
        self.jitter = jitter
    }

    /// How much the start of a firing is put off: a whole number of milliseconds below ``jitter``.
    public func delay(of firing: Firing.ID, of trigger: String) -> Duration {
        let span = UInt64(clamping: WallTime(milliseconds: 0).advanced(by: jitter).milliseconds)
        guard span > 0 else { return .zero }
        let digest = SHA256.digest(of: Array("\(trigger)\u{0}\(firing)".utf8))
        let number = digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return .milliseconds(Int64(number % span))
    }
}
