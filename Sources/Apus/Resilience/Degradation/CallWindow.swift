/// The calls of the last while, counted in slices of time: how many, how many failed, and how long the slowest took.
struct CallWindow: Sendable {
    private struct Slice {
        var index = -1
        var calls = 0
        var errors = 0
        var durations: [Int32] = []
    }

    private let slice: Duration
    private let keepsDurations: Bool
    private var slices: [Slice]
    private var newest = 0
    private(set) var calls = 0
    private(set) var errors = 0
    private var durations: [Int32]

    init(slice: Duration, count: Int, keepsDurations: Bool) {
        self.slice = slice
        self.keepsDurations = keepsDurations
        slices = Array(repeating: Slice(), count: count)
        durations = keepsDurations ? Array(repeating: 0, count: Self.buckets) : []
    }

    /// Forgets what is older than the window. Time does not run backwards.
    mutating func advance(to now: Duration) {
        let index = max(newest, Self.whole(now, slice))
        guard index > newest else { return }
        newest = index
        if calls == 0 { return }
        for place in slices.indices where slices[place].index >= 0 && slices[place].index <= index - slices.count {
            drop(place)
        }
    }

    mutating func add(succeeded: Bool, took duration: Duration) {
        let place = newest % slices.count
        if slices[place].index != newest { slices[place].index = newest }
        calls += 1
        slices[place].calls += 1
        if !succeeded {
            errors += 1
            slices[place].errors += 1
        }
        guard keepsDurations else { return }
        if slices[place].durations.isEmpty { slices[place].durations = Array(repeating: 0, count: Self.buckets) }
        let bucket = Self.bucket(of: duration)
        durations[bucket] += 1
        slices[place].durations[bucket] += 1
    }

    private mutating func drop(_ place: Int) {
        calls -= slices[place].calls
        errors -= slices[place].errors
        for bucket in slices[place].durations.indices { durations[bucket] -= slices[place].durations[bucket] }
        slices[place] = Slice()
    }

    /// The share of calls that failed.
    var errorRate: Double { calls == 0 ? 0 : Double(errors) / Double(calls) }

    /// What 99 of 100 calls did not take longer than, rounded up to the next bound of a bucket.
    var p99: Duration {
        let rank = (calls * 99 + 99) / 100
        var seen = 0
        for bucket in durations.indices {
            seen += Int(durations[bucket])
            if seen >= rank, rank > 0 { return Self.bound(of: bucket) }
        }
        return .zero
    }
}

/// Durations fall into four buckets for each doubling, from 4 microseconds on.
extension CallWindow {
    static let buckets = 140

    static func bucket(of duration: Duration) -> Int {
        let microseconds = UInt64(max(4, whole(duration, .microseconds(1))))
        let octave = 63 - microseconds.leadingZeroBitCount
        return min(buckets - 1, (octave - 2) * 4 + Int(microseconds >> (octave - 2)) & 3)
    }

    /// Where the next bucket begins.
    static func bound(of bucket: Int) -> Duration {
        .microseconds(Int64(bucket % 4 + 5) << (bucket / 4))
    }

    /// How often `unit` fits into a duration.
    static func whole(_ duration: Duration, _ unit: Duration) -> Int {
        let (time, step) = (duration.attoseconds, unit.attoseconds)
        return Int(clamping: time / max(1, step))
    }
}
