/// How many further requests a ``Hedge`` may send, as a share of its calls, in thousandths.
package struct HedgeShare: Sendable {
    private let perCall: Int
    /// It begins with one request.
    private var saved = 1_000

    package init(_ share: Double) { perCall = Int((min(max(share, 0), 1) * 1_000).rounded()) }

    package mutating func call() { saved = min(10_000, saved + perCall) }

    package mutating func spend() -> Bool {
        guard saved >= 1_000 else { return false }
        saved -= 1_000
        return true
    }
}
