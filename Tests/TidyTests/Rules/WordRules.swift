extension Rule {
    static let leftovers = Rule(
        "nothing is left for later",
        planted: ["// TO" + "DO: finish", "// FIX" + "ME", "let a = 1 // XX" + "X"].map {
            SourceFile("Sources/A.swift", $0)
        },
        innocent: [SourceFile("Sources/A.swift", "// What there is to do, and how to fix it for me.")]
    ) { file in
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        return file.lines.indices.filter { line in words.contains { file.lines[line].contains($0) } }.map {
            file.violation($0 + 1, "finish it, or leave it out")
        }
    }

    static let typeNames = Rule(
        "types are called what they are",
        planted: ["RunManager", "StorageProtocol", "JSONHelper", "GraphImpl", "StringUtils", "DateUtility"]
            .map { SourceFile("Sources/Apus/Graph/A.swift", "public struct \($0) {}") }
            + [
                SourceFile("Sources/Apus/Graph/Utils.swift", "let a = 1"),
                SourceFile("Tests/ApusTests/Helpers.swift", "let a = 1"),
            ],
        innocent: [
            SourceFile("Sources/Apus/Graph/A.swift", "let a = FileManager.default; struct ProtocolVersion {}"),
            SourceFile("Sources/Apus/Graph/Manager.swift", "// FileManager"),
        ]
    ) { file in
        guard file.isSwift else { return [] }
        let endings = ["Manager", "Helper", "Helpers", "Impl", "Protocol", "Util", "Utils", "Utility", "Utilities"]
        let rooms = ["Utils.swift", "Utilities.swift", "Common.swift", "Helpers.swift", "Misc.swift", "New.swift"]
        let types = file.tokens.declaredTypes(onlyOutermost: false).filter { name in
            endings.contains { name.hasSuffix($0) }
        }
        return types.sorted().map { file.violation(1, "name \($0) after what it is") }
            + rooms.filter { file.name == $0 }.map { file.violation(1, "name \($0) after its one idea") }
    }

    static let machinePaths = Rule(
        "no path of somebody's machine",
        planted: machineFolders.flatMap { folder in
            ["let a = \"/\(folder)/me\"", "see /\(folder)/project", "cd /\(folder)/x", "file:///\(folder)/x"]
        }.map { SourceFile("Documentation/A.md", $0) },
        innocent: [
            "https://example.org/home/page", "Sources/opt/A.swift", "../tmp/a", "#!/usr/bin/env bash",
            "at home/work/play",
        ].map { SourceFile("Documentation/A.md", $0) }
    ) { file in
        file.lines.indices.filter { file.lines[$0].namesMachineFolder }.map {
            file.violation($0 + 1, "say it relative to the repository")
        }
    }

    fileprivate static let machineFolders = ["work", "home", "Users", "root", "tmp", "opt", "mnt", "private", "var"]
}

extension Substring {
    /// Whether an absolute path into one of the folders where people keep their files stands in this line.
    fileprivate var namesMachineFolder: Bool {
        guard contains("/") else { return false }
        return Rule.machineFolders.contains { folder in
            ranges(of: "/\(folder)/").contains { range in
                guard range.lowerBound > startIndex else { return true }
                let before = self[..<range.lowerBound]
                if before.hasSuffix("file://") { return true }
                return !(before.last.map { $0.isLetter || $0.isNumber || "._-/~})*".contains($0) } ?? false)
            }
        }
    }
}
