import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct EventDrillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wish = environment["APUS_SEED"].flatMap { UInt64($0) }
    /// All with `APUS_SIMULATE=full`, and so many as a number says.
    private static let count = environment["APUS_SIMULATE"].map { UInt64($0) ?? 100_000 } ?? 200
    static let parts: Range<UInt64> = wish == nil ? 0..<4 : 0..<1

    @Test(arguments: parts)
    func `nothing is lost and keys keep their order, whatever befalls publishers and subscribers`(part: UInt64) {
        let seeds = Self.wish.map { [$0] } ?? Array(stride(from: part, to: Self.count, by: Self.parts.count))
        for seed in seeds {
            let complaints = EventDrill(seed: seed).complaints()
            #expect(complaints.isEmpty, "seed \(seed): \(complaints.prefix(5))")
        }
    }
}

#if DEBUG
    @Suite(.aside) struct EventBugTests {
        private static let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"
        private static let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Documentation/PlantedBugs.md").standardized

        /// An ordinary test looks at the seed of the page alone, a full one at all before it.
        @Test(arguments: PlantedBug.ofEvents)
        func `the drills find a planted bug, first at the seed that its page names`(_ bug: PlantedBug) throws {
            let page = try Self.seed(of: bug)
            let seeds = page.map { Self.isFull ? 0..<($0 + 1) : $0..<($0 + 1) } ?? 0..<400
            let found = seeds.first { seed in
                PlantedBug.$current.withValue(bug) { !EventDrill(seed: seed).complaints().isEmpty }
            }
            #expect(found == page, "\(bug) is found at \(found.map { "\($0)" } ?? "no seed")")
        }

        private static func seed(of bug: PlantedBug) throws -> UInt64? {
            for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                if cells.count == 3, cells[0] == "`\(bug)`" { return UInt64(cells[2]) }
            }
            return nil
        }
    }
#endif
