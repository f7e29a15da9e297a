/// Who sleeps and when somebody has to look, as a plain value: it decides, ``SleepQueue`` acts.
///
/// An alarm that is set is never taken back, since the runtime keeps what a cancelled sleep took, some 700 bytes, until its
/// deadline. So a nap beside one who sleeps an hour does not replace the far alarm: it sets a second one, which ends with the nap.
///
/// Invariant: as long as somebody sleeps, an alarm is set for his deadline or before.
struct SleepLine<Waker: Sendable>: Sendable {
    /// One who sleeps, or is about to.
    final class Sleeper: @unchecked Sendable {
        // Invariant: it is touched by its line only, which its owner guards.
        fileprivate var waker: Waker?
        fileprivate var isCancelled = false
    }

    enum Addition: Sendable {
        /// It sleeps; if there is an alarm, it has to be set.
        case asleep(alarm: Duration?)
        /// It was cancelled before it lay down.
        case cancelled
    }

    private var beds = MinHeap<Bed>()
    /// How many of them were cancelled and are only passed over.
    private var cancelled = 0
    private var added: UInt64 = 0
    /// What the alarms are set for, the nearest last.
    private var alarms: [Duration] = []

    /// The entries in use, those of the cancelled included; they are forgotten when they are more than the others.
    var bedCount: Int { beds.count }

    mutating func add(_ sleeper: Sleeper, until deadline: Duration, _ waker: Waker) -> Addition {
        if sleeper.isCancelled { return .cancelled }
        sleeper.waker = waker
        added += 1
        beds.insert(Bed(deadline: deadline, ticket: added, sleeper: sleeper))
        if let nearest = alarms.last, nearest <= deadline { return .asleep(alarm: nil) }
        alarms.append(deadline)
        return .asleep(alarm: deadline)
    }

    /// Wakes one who sleeps, and lets one who is about to never begin.
    mutating func cancel(_ sleeper: Sleeper) -> Waker? {
        sleeper.isCancelled = true
        guard let waker = sleeper.waker.take() else { return nil }
        cancelled += 1
        if cancelled > 64, cancelled > beds.count / 2 {
            beds.keep { $0.sleeper.waker != nil }
            cancelled = 0
        }
        return waker
    }

    /// An alarm rings, late or early or in its time: gives out all who are due, in the order of their deadlines. Returns what the
    /// alarm is to be set for again, or `nil` if nobody needs it any more.
    mutating func ring(_ alarm: Duration, at now: Duration, into woken: inout [Waker]) -> Duration? {
        if let place = alarms.lastIndex(of: alarm) { alarms.remove(at: place) }
        while let first = beds.min, first.deadline <= now || first.sleeper.waker == nil {
            _ = beds.popMin()
            if let waker = first.sleeper.waker.take() {
                woken.append(waker)
            } else {
                cancelled -= 1
            }
        }
        guard let next = beds.min?.deadline else { return nil }
        if let nearest = alarms.last, nearest <= next { return nil }
        alarms.append(next)
        return next
    }
}

extension SleepLine {
    /// Where one sleeps: in order of the deadlines, and of their coming for those with the same. It compares without a look at the
    /// sleeper.
    private struct Bed: Comparable, Sendable {
        let deadline: Duration
        let ticket: UInt64
        let sleeper: Sleeper

        static func == (left: Bed, right: Bed) -> Bool { left.ticket == right.ticket }

        static func < (left: Bed, right: Bed) -> Bool {
            left.deadline == right.deadline ? left.ticket < right.ticket : left.deadline < right.deadline
        }
    }
}
