import Apus
public import ApusSQLite

/// Commits whose every half can be told afterwards: each puts two entries, takes away one of its predecessor's and says that it was
/// the last.
public struct DiskWorkload: Sendable {
    /// What a commit answered.
    public enum Answer: Sendable, Hashable { case acknowledged, refused, unknown }

    /// How many commits come one after the other, and how many at once behind them.
    private static let lengths = (alone: 10, together: 6)

    public static let options: SQLiteOptions = {
        var options = SQLiteOptions()
        options.readers = 1
        options.checkpointPages = 8
        return options
    }()

    public init() {}

    private func value(_ number: Int, _ half: String) -> [UInt8] {
        Array(repeating: UInt8(truncatingIfNeeded: number), count: 700 + number * 37) + Array(half.utf8)
    }

    private func batch(_ number: Int) -> StorageBatch {
        var batch = StorageBatch()
        batch.create(value(number, "first"), at: StorageKey("work", number, "first"))
        batch.put([1], at: StorageKey("work", number, "passing"))
        batch.delete(StorageKey("work", max(0, number - 1), "passing"))
        batch.put(Array("\(number)".utf8), at: StorageKey("last"))
        batch.put(value(number, "second"), at: StorageKey("work", number, "second"))
        return batch
    }

    /// Commits all and reports each answer as it comes.
    public func run(on storage: SQLiteStorage, _ report: @escaping @Sendable (Int, Answer) -> Void) async {
        let commit: @Sendable (Int) async -> Void = { number in
            do {
                try await storage.commit(batch(number))
                report(number, .acknowledged)
            } catch let error as StorageError where error.code == .unknownOutcome {
                report(number, .unknown)
            } catch {
                report(number, .refused)
            }
        }
        for number in 0..<Self.lengths.alone { await commit(number) }
        await withTaskGroup { group in
            for number in 0..<Self.lengths.together { group.addTask { await commit(Self.lengths.alone + number) } }
        }
    }

    /// What is wrong in the storage, given the answers; empty if nothing is.
    public func problems(in storage: SQLiteStorage, after answers: [Int: Answer]) async throws -> [String] {
        var problems: [String] = []
        for number in 0..<(Self.lengths.alone + Self.lengths.together) {
            let halves = ["first", "second"]
            let entries = try await storage.read(halves.map { StorageKey("work", number, $0) })
            let isThere = zip(entries, halves).map { $0?.value == value(number, $1) }
            if entries.contains(where: { $0 != nil }) != isThere.contains(true) {
                problems.append("\(number) is damaged")
            }
            if isThere[0] != isThere[1] { problems.append("half of \(number) is there") }
            switch answers[number] {
            case .acknowledged where !isThere[0]: problems.append("\(number) was acknowledged and is lost")
            case .refused where isThere[0]: problems.append("\(number) was refused and is there")
            default: break
            }
        }
        let check = try await storage.check()
        return problems + check.problems + check.damaged.map { "damaged: \($0)" }
    }
}
