import Foundation

/// The clock on the wall of a time zone, in seconds since 1970 on both sides. It is taken to be changed once in two days at most.
struct ZoneClock: Sendable {
    let zone: TimeZone

    /// How much the clock on the wall is ahead at a moment.
    func offset(at moment: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment))) }

    /// The first moment behind `start` at which the clock has been changed, as it has been by `end`.
    func change(after start: Int, by end: Int) -> Int {
        let old = offset(at: start)
        var (before, after) = (start, end)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if offset(at: middle) == old { before = middle } else { after = middle }
        }
        return after
    }

    /// When the clock shows a time.
    enum Showing {
        case once(Int)
        case twice(Int, Int)
        /// Never: it is put forward over it at this moment.
        case never(Int)
    }

    func showing(_ time: Int) -> Showing {
        let (start, end) = (time - CivilDay.seconds, time + CivilDay.seconds)
        let (old, new) = (offset(at: start), offset(at: end))
        if old == new { return .once(time - old) }
        let change = change(after: start, by: end)
        switch (time - old < change, time - new >= change) {
        case (true, true): return .twice(time - old, time - new)
        case (true, false): return .once(time - old)
        case (false, true): return .once(time - new)
        case (false, false): return .never(change)
        }
    }
}
