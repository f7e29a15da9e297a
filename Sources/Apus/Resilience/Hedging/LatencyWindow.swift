/// How long the last answers took, and a share of them at most. The share is worked out anew after every tenth answer.
package struct LatencyWindow: Sendable {
    private let share: Double
    private var times: [Duration] = []
    private var oldest = 0
    private var sinceLast = 0
    /// `nil` until there are ten answers.
    package private(set) var percentile: Duration?

    package init(_ share: Double) { self.share = min(max(share, 0), 1) }

    package mutating func add(_ time: Duration) {
        if times.count < 100 {
            times.append(time)
        } else {
            times[oldest] = time
            oldest = (oldest + 1) % times.count
        }
        sinceLast += 1
        guard sinceLast == 10 else { return }
        sinceLast = 0
        // The nearest rank: the smallest time that at least this share does not exceed.
        let rank = Int((share * Double(times.count)).rounded(.up))
        percentile = times.sorted()[max(0, rank - 1)]
    }
}
