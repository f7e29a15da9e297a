import Apus
import ApusTesting
import Foundation
import Testing

/// A machine beside a model of it: both get the same random events, and have to say the same.
struct Trial: Sendable, CustomTestStringConvertible {
    let name: String
    /// What is wrong with the sequence of events that a seed makes; `nil` if nothing is.
    let complaint: @Sendable (_ seed: UInt64) -> String?

    var testDescription: String { name }

    static let all = [breaker, bucket, window, keys, bulkhead, hedge, latencies, cache]

    /// The first seed of a range that finds something.
    func first(in seeds: some Sequence<UInt64>) -> (seed: UInt64, complaint: String)? {
        for seed in seeds { if let complaint = complaint(seed) { return (seed, complaint) } }
        return nil
    }
}

/// How many sequences are tried: some in an ordinary test, a million where `APUS_SIMULATE` is `full`.
enum Effort {
    private static let wish = ProcessInfo.processInfo.environment["APUS_SIMULATE"]
    static let parts = 0..<2

    static func seeds(of part: Int, _ some: UInt64, full: UInt64 = 1_000_000) -> StrideTo<UInt64> {
        let end = wish.flatMap { UInt64($0) } ?? (wish == "full" ? full : some)
        return stride(from: UInt64(part), to: end, by: parts.count)
    }
}

extension SeededGenerator {
    /// Whether something of this chance in a hundred happens.
    mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
