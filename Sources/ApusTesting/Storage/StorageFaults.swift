/// Something that may go wrong in a storage without being anybody's mistake.
public enum StorageFault: String, Sendable, Hashable, CaseIterable {
    /// A read, a scan or a commit is refused before anything happens.
    case unavailableRead, unavailableScan, unavailableCommit
    /// A commit finds no room; nothing is written.
    case full
    /// A commit is applied, but the answer is lost.
    case unknownApplied
    /// A commit is lost on its way, and nobody can tell.
    case unknownLost
    /// A call takes longer on its way there and on its way back.
    case delay
}

/// How often a ``FaultyStorage`` does what.
public struct StorageFaults: Sendable, Hashable, CustomStringConvertible {
    /// The share of calls that meet each fault, from 0 to 1; what is not named does not happen.
    public var rates: [StorageFault: Double]
    /// Delays are drawn between none and this.
    public var longestDelay: Duration

    public init(_ rates: [StorageFault: Double], longestDelay: Duration = .seconds(1)) {
        self.rates = rates
        self.longestDelay = longestDelay
    }

    public static let none = StorageFaults([:])

    /// Faults that a seed chooses: each is left out half of the time, otherwise it meets up to a fifth of the calls; delays meet up
    /// to all of them and last up to a millisecond, a second or a minute.
    public static func drawn(by seed: UInt64) -> StorageFaults {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xFA17))
        var faults = StorageFaults([:])
        for fault in StorageFault.allCases where generator.below(2) == 0 {
            let share = Double(1 + generator.below(20)) / 100
            faults.rates[fault] = fault == .delay ? share * 5 : share
        }
        faults.longestDelay = [.milliseconds(1), .seconds(1), .seconds(60)][generator.below(3)]
        return faults
    }

    public var description: String {
        let named = StorageFault.allCases.compactMap { fault in
            rates[fault].map { "\(fault) \(Int(($0 * 100).rounded())) %" }
        }
        return named.isEmpty ? "no faults" : named.joined(separator: ", ") + ", delays up to \(longestDelay)"
    }
}
