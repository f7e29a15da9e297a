extension Rule {
    /// What each library may import besides the standard library.
    private static let imports: [String: Set<String>] = [
        "Apus": ["Foundation", "Synchronization"],
        "ApusAgents": ["Apus", "CLinux", "Foundation"],
        "ApusConfine": ["CLinux", "Foundation", "Glibc"],
        "ApusProviders": ["Apus", "ApusAgents", "CCurl", "Foundation", "FoundationNetworking"],
        "ApusTelemetry": ["Apus", "ApusAgents", "ApusProviders", "CCurl", "Foundation"],
        "ApusSQLite": ["Apus", "CSQLite", "Foundation", "Synchronization"],
        "ApusTesting": ["Apus", "ApusAgents", "Dispatch", "Foundation", "Synchronization"],
    ]

    static let moduleImports = Rule(
        "imports run downwards",
        planted: [
            SourceFile("Sources/Apus/Graph/A.swift", "public import ApusTesting"),
            SourceFile("Sources/Apus/Graph/A.swift", "import FoundationNetworking"),
            SourceFile("Sources/Apus/Graph/A.swift", "@preconcurrency import struct Dispatch.DispatchTime"),
            SourceFile("Sources/ApusNew/A.swift", "let a = 1"),
        ],
        innocent: [
            SourceFile("Sources/Apus/Graph/A.swift", "public import Foundation\nimport Synchronization"),
            SourceFile("Sources/ApusTesting/A.swift", "public import Apus"),
            SourceFile("Tests/ApusTests/A.swift", "import Testing"),
        ]
    ) { file in
        guard file.isIn("Sources"), file.isSwift else { return [] }
        let target = String(file.path.split(separator: "/")[1])
        guard let allowed = imports[target] else {
            return [file.violation(1, "say in LayerRules.swift what the new library \(target) may import")]
        }
        return file.tokens.importedModules().compactMap { module in
            guard !allowed.contains(module.text) else { return nil }
            return file.violation(module.line, "\(target) must not import \(module.text)")
        }
    }

    /// The folders of the core, lowest first; those of one row may know each other.
    private static let folders: [[String]] = [
        ["Environment"], ["Values", "State"], ["Graph"], ["Machine"], ["Storage"], ["Journal"], ["Execution"],
        ["Resilience", "Triggers", "Events", "Configuration", "Observation"], ["Engine"],
    ]

    /// The height of a file of the core; `nil` where it stands in no folder of the list.
    private static func height(of file: SourceFile) -> Int? {
        let parts = file.path.split(separator: "/")
        return parts.count < 4 ? nil : folders.firstIndex { $0.contains(String(parts[2])) }
    }

    static let layers = Rule(
        "a folder of the core names no type of a folder above it",
        planted: [
            [
                SourceFile("Sources/Apus/Graph/A.swift", "struct A { var b: [Upper] }"),
                SourceFile("Sources/Apus/Engine/Upper.swift", "public final class Upper {}"),
            ],
            [SourceFile("Sources/Apus/Misc/A.swift", "struct A {}")],
            [SourceFile("Sources/Apus/A.swift", "struct A {}")],
        ],
        innocent: [
            [
                SourceFile("Sources/Apus/Graph/A.swift", "struct A { var b = C.Upper(\"Upper\") /* Upper */ }"),
                SourceFile("Sources/Apus/Engine/Upper.swift", "struct Upper { struct C {}; var a: A }"),
            ],
            [
                SourceFile("Sources/Apus/Graph/A.swift", "struct A { enum Kind { case a }; var kind: Kind }"),
                SourceFile("Sources/Apus/Engine/Upper.swift", "private enum Kind { case b }"),
            ],
        ]
    ) { files in
        let core = files.filter { $0.isIn("Sources/Apus") && $0.isSwift }
        var declared: [String: Int] = [:]
        for file in core {
            guard let height = height(of: file) else { continue }
            for name in file.tokens.declaredTypes(onlyOutermost: true) {
                declared[name] = min(height, declared[name] ?? height)
            }
        }
        return core.flatMap { file -> [Violation] in
            guard let height = height(of: file) else {
                return [file.violation(1, "the core has no such folder, see LayerRules.swift")]
            }
            let known = file.tokens.declaredTypes(onlyOutermost: false)
                .union(Ratchet.upwardUses[file.path] ?? [])
            return file.tokens.indices.compactMap { index in
                let token = file.tokens[index]
                let isMember = index > 0 && file.tokens[index - 1].text == "."
                guard !isMember, let other = declared[token.text], other > height, !known.contains(token.text)
                else { return nil }
                return file.violation(token.line, "\(token.text) belongs to \(folders[other][0]), a folder above")
            }
        }
    }
}

extension [Token] {
    fileprivate func importedModules() -> [Token] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        return indices.compactMap { index in
            guard self[index].text == "import", index + 1 < count else { return nil }
            let next = self[index + 1]
            return kinds.contains(next.text) && index + 2 < count ? self[index + 2] : next
        }
    }

    /// The names of the types that this file declares.
    func declaredTypes(onlyOutermost: Bool) -> Set<String> {
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "actor"]
        var depth = 0
        var names: Set<String> = []
        for index in indices.dropLast() {
            if self[index].text == "{" { depth += 1 }
            if self[index].text == "}" { depth -= 1 }
            let isKind = kinds.contains(self[index].text) && self[index + 1].isWord
            if isKind, depth == 0 || !onlyOutermost { names.insert(self[index + 1].text) }
        }
        return names
    }
}
