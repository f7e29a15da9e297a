#if DEBUG
    import Apus
    import Foundation

    /// The tables of Documentation/PlantedBugs.md.
    enum BugPage {
        private static let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Documentation/PlantedBugs.md").standardized

        /// The first seed that finds a bug, from its row: the name, what breaks, the seed.
        static func seed(of bug: PlantedBug) throws -> UInt64? {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                if cells.count == 3, cells[0] == "`\(bug)`" { return UInt64(cells[2]) }
            }
            return nil
        }
    }
#endif
