import Foundation

/// The system's random numbers, fetched many at a time, since each fetch is a call of the kernel.
///
/// A process that forks without starting another program has the rest twice.
final class RandomPool: Sendable {
    static let live = RandomPool()

    /// As much as the system gives at once.
    private static let size = 32
    private let rest = Guarded<[UInt64]>([])

    func next() -> UInt64 {
        rest.withLock { rest in
            if rest.isEmpty { rest = Self.fetch() }
            return rest.removeLast()
        }
    }

    private static func fetch() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: size)
        let isFilled = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
        return isFilled ? numbers : numbers.map { _ in .random(in: .min ... .max) }
    }
}
