public import Foundation

extension CronExpression {
    /// The first moment behind `moment`; `nil` if there is none for fifty years. `zone` counts unless the expression names its own.
    ///
    /// An expression whose minute or hour begins with `*` goes by the time that passes: it fires at every moment at which the clock
    /// shows what it says, twice if the clock does, and not at all in what the clock leaves out. Any other fires once for each
    /// day's time: the first time that the clock shows it, or right when the clock is put forward over it.
    public func next(after moment: WallTime, in zone: TimeZone = .gmt) -> WallTime? {
        let start = CivilDay.floored(Int(moment.milliseconds), 1_000) + 1
        let walk = CronWalk(search: CronSearch(expression: self), clock: ZoneClock(zone: timeZone ?? zone))
        return (isElapsing ? walk.nextElapsed(from: start) : walk.nextFixed(from: start)).map(WallTime.init(seconds:))
    }

    /// The last moment before `moment`; `nil` if there was none for fifty years.
    public func previous(before moment: WallTime, in zone: TimeZone = .gmt) -> WallTime? {
        let end = -CivilDay.floored(-Int(moment.milliseconds), 1_000) - 1
        let walk = CronWalk(search: CronSearch(expression: self), clock: ZoneClock(zone: timeZone ?? zone))
        return (isElapsing ? walk.previousElapsed(upTo: end) : walk.previousFixed(upTo: end)).map(
            WallTime.init(seconds:))
    }
}

extension WallTime {
    init(seconds: Int) { self.init(milliseconds: Int64(seconds) * 1_000) }
}

/// Goes from match to match on a clock that is put forward and back.
struct CronWalk {
    let search: CronSearch
    let clock: ZoneClock
    private let planted = Planted()

    init(search: CronSearch, clock: ZoneClock) {
        self.search = search
        self.clock = clock
    }

    func nextFixed(from start: Int) -> Int? {
        var time = start + clock.offset(at: start) - (planted(.firedTwiceInOverlap) ? 3_600 : 0)
        while let match = search.next(from: time) {
            let moment: Int
            switch clock.showing(match) {
            case .once(let only): moment = only
            case .twice(let first, let second):
                moment = planted(.firedTwiceInOverlap) && first < start ? second : first
            case .never(let change): moment = planted(.gapFiringLost) ? start - 1 : change
            }
            if moment >= start { return moment }
            time = match + 1
        }
        return nil
    }

    func previousFixed(upTo end: Int) -> Int? {
        // Before the clock was put back it may have shown later times than it does now.
        var time = end + max(clock.offset(at: end), clock.offset(at: end - CivilDay.seconds))
        while let match = search.previous(upTo: time) {
            let moment: Int
            switch clock.showing(match) {
            case .once(let only): moment = only
            case .twice(let first, _): moment = first
            case .never(let change): moment = change
            }
            if moment <= end { return moment }
            time = match - 1
        }
        return nil
    }

    func nextElapsed(from start: Int) -> Int? {
        var moment = start
        while true {
            let offset = clock.offset(at: moment)
            guard let match = search.next(from: moment + offset) else { return nil }
            // A clock that is put back shows again what it has shown for less than a day.
            let sight = min(match - offset, moment + CivilDay.seconds)
            if clock.offset(at: sight) != offset {
                moment = clock.change(after: moment, by: sight)
                continue
            }
            if sight == match - offset { return sight }
            switch clock.showing(match) {
            case .once(let only): return only
            case .twice(let first, _): return first
            case .never(let change): moment = change
            }
        }
    }

    func previousElapsed(upTo end: Int) -> Int? {
        var moment = end
        while true {
            let offset = clock.offset(at: moment)
            guard let match = search.previous(upTo: moment + offset) else { return nil }
            let sight = max(match - offset, moment - CivilDay.seconds)
            if clock.offset(at: sight) != offset {
                moment = clock.change(after: sight, by: moment) - 1
                continue
            }
            if sight == match - offset { return sight }
            switch clock.showing(match) {
            case .once(let only): return only
            case .twice(_, let second): return second
            case .never(let change): moment = change - 1
            }
        }
    }
}
