#if DEBUG
    import Apus
    import Foundation

    /// The table of Documentation/PlantedBugs.md.
    enum PlantedBugPage {
        struct NoRow: Error {
            var bug: PlantedBug
        }

        private static let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Documentation/PlantedBugs.md").standardized

        /// The first seed that finds a bug, from its row: the name, what breaks, the seed.
        static func seed(of bug: PlantedBug) throws -> UInt64 {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                guard cells.count == 3, cells[0] == "`\(bug)`", let seed = UInt64(cells[2]) else { continue }
                return seed
            }
            throw NoRow(bug: bug)
        }
    }
#endif
