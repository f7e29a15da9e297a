import Foundation

/// The machine's clocks, read here and nowhere else.
enum SystemClocks {
    static func monotonic() -> Duration { read(CLOCK_MONOTONIC) }
    static func wall() -> Duration { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
