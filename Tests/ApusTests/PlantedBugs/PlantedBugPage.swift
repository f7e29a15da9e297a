#if DEBUG
    import Apus
    import Foundation

    /// The table of Documentation/PlantedBugs.md.
    enum PlantedBugPage {
        struct Row {
            var seed: UInt64
        }

        struct NoRow: Error {
            var bug: PlantedBug
        }

        private static let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Documentation/PlantedBugs.md").standardized

        /// The row of a bug: its name, what breaks, and the first seed that finds it.
        static func row(of bug: PlantedBug) throws -> Row {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                guard cells.count == 3, cells[0] == "`\(bug)`", let seed = UInt64(cells[2]) else { continue }
                return Row(seed: seed)
            }
            throw NoRow(bug: bug)
        }
    }
#endif
