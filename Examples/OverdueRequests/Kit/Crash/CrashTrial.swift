public import Apus
public import Foundation

/// Kills a review again and again while it runs, lets it be taken up each time, and compares what came of it with what came of one
/// that nobody touched.
public struct CrashTrial: Sendable {
    /// How a process of the review is killed.
    public enum Blow: Sendable {
        /// It kills itself right after so many notices have gone out, and before that is written down.
        case byItself(afterNotice: Int)
        /// From outside, at a random moment within two milliseconds after it has shown so many lines of progress.
        case fromOutside(afterLine: Int)
    }

    private let executable: URL
    private let folder: String
    private let environment: any Environment

    /// Works in `undisturbed` and `killed` below `folder`, which it empties first.
    public init(executable: URL, folder: String, environment: any Environment = .live) {
        self.executable = executable
        self.folder = folder
        self.environment = environment
    }

    /// Prints what it did and found; returns whether all is as it should be.
    ///
    /// Each blow should leave the run further than the one before: one that five processes have taken up in turn without getting on
    /// is set aside.
    public func run(_ blows: [Blow]? = nil, _ console: Console) async throws -> Bool {
        let blows = blows ?? usualBlows
        let (calm, killed) = (OutputFolder(path: "\(folder)/undisturbed"), OutputFolder(path: "\(folder)/killed"))
        for folder in [calm, killed] { try? FileManager.default.removeItem(atPath: folder.path) }
        let undisturbed = try await process(["--run", "review"], calm).run { _ in false }
        guard undisturbed == .exited(0) else {
            throw CommandError(.failed, "the undisturbed review ended with \(undisturbed)")
        }
        console.print("Undisturbed: \(try Outcome(calm).arrivals)\n")
        var landed = 0
        for (index, blow) in blows.enumerated() where landed == index {
            landed += try await strike(blow, index + 1, killed, console) ? 1 : 0
        }
        let last = landed == blows.count ? try await process(Self.resuming, killed).run { _ in false } : .exited(0)
        guard last == .exited(0) else { throw CommandError(.failed, "the review ended with \(last)") }
        console.print("to its end: \(try Outcome(killed).arrivals)\n")
        return try Comparison(undisturbed: Outcome(calm), killed: Outcome(killed), blows: landed).tell(console)
    }

    private static let resuming = ["resume", "review"]

    /// Starts or resumes the review and kills it; false if it came to its end before.
    private func strike(
        _ blow: Blow, _ number: Int, _ folder: OutputFolder, _ console: Console
    ) async throws -> Bool {
        var process = process(number == 1 ? ["--run", "review"] : Self.resuming, folder)
        var limit = Int.max
        switch blow {
        case .byItself(let notices): process.killAfter = notices
        case .fromOutside(let lines): limit = lines
        }
        var lines = 0
        let ending = try await process.run { line in
            if ["✓ ", "? ", "  To "].contains(where: { line.hasPrefix($0) }) { lines += 1 }
            guard lines >= limit else { return false }
            try? await environment.sleep(for: .microseconds(Int64(environment.random() % 2_000)))
            return true
        }
        guard ending == .killed else {
            guard ending == .exited(0) else { throw CommandError(.failed, "the review ended with \(ending)") }
            return false
        }
        console.print("kill -9 \(number), \(blow): \(try Outcome(folder).arrivals)")
        return true
    }

    private var usualBlows: [Blow] {
        let (first, second) = (Int(environment.random() % 2), Int(environment.random() % 2))
        return [
            .fromOutside(afterLine: 1 + first), .fromOutside(afterLine: 1), .byItself(afterNotice: 1 + second),
            .fromOutside(afterLine: 1), .byItself(afterNotice: 2),
        ]
    }

    private func process(_ arguments: [String], _ folder: OutputFolder) -> ReviewProcess {
        ReviewProcess(executable: executable, arguments: arguments + ["--approve", "yes", "--out", folder.path])
    }
}

extension CrashTrial.Blow: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byItself(let notice): "by itself, right after its notice \(notice)"
        case .fromOutside(let line): "from outside, at some moment after its line \(line)"
        }
    }
}

extension CrashTrial {
    /// What a review left behind.
    struct Outcome {
        var report: Data?
        var entries: [NoticeLedger.Entry]

        init(_ folder: OutputFolder) throws {
            report = try folder.read("report.json")
            entries = try NoticeLedger(folder: folder).entries()
        }

        /// The keys of the notices that count, in the order of the alphabet.
        var keys: [String] { entries.filter { !$0.isRepeat }.map(\.key).sorted() }
        var repeats: Int { entries.count - keys.count }

        var arrivals: String { "\(keys.count.of("notice")) delivered, \(repeats.of("repetition")) recognised" }
    }

    /// What must be the same.
    struct Comparison {
        let undisturbed: Outcome
        let killed: Outcome
        let blows: Int

        func tell(_ console: Console) -> Bool {
            let isSame = killed.report != nil && killed.report == undisturbed.report
            let isOnce = killed.keys == undisturbed.keys && Set(killed.keys).count == killed.keys.count
            let rows = [
                ["", "undisturbed", "killed \(blows) times"],
                ["report.json", bytes(undisturbed), "\(bytes(killed)), \(isSame ? "the same" : "NOT the same")"],
                [
                    "notices", "\(undisturbed.keys.count)",
                    "\(killed.keys.count), \(isOnce ? "each once" : "NOT each once")",
                ],
                ["repetitions", "\(undisturbed.repeats)", "\(killed.repeats), told by their keys"],
            ]
            for row in rows { console.print("\(row[0].padded(13))\(row[1].padded(14))\(row[2])") }
            return isSame && isOnce
        }

        private func bytes(_ outcome: Outcome) -> String { outcome.report.map { "\($0.count) bytes" } ?? "none" }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
