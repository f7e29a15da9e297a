/// Something with a length, where it stands and how the ratchet calls it.
private struct Measured {
    var key: String
    var path: String
    var line: Int
    var length: Int
}

extension Rule {
    static func fileLength(allowing allowed: [String: Int]) -> Rule {
        Rule(
            "files have at most 300 lines",
            planted: [[.lines(301, at: "Sources/Apus/Graph/Long.swift")]],
            innocent: [[.lines(300, at: "Sources/Apus/Graph/Fits.swift")]]
        ) { files in
            let measured = files.filter(\.isSwift).map {
                Measured(key: $0.path, path: $0.path, line: 1, length: $0.length)
            }
            return overruns(of: measured, limit: 300, allowed: allowed.filter { key, _ in files.holds(key) })
        }
    }

    static func functionLength(allowing allowed: [String: Int]) -> Rule {
        Rule(
            "functions have at most 40 lines",
            planted: [
                [.function(lines: 41, declared: "func long()")],
                [.function(lines: 41, declared: "init?<T>(_ first: T, then: () -> Void = {}) async throws")],
                [.function(lines: 41, declared: "var long: Int")],
            ],
            innocent: [
                [.function(lines: 40, declared: "func fits()")],
                [.function(lines: 60, declared: "struct NoFunction")],
                [SourceFile("Sources/Apus/Graph/P.swift", "protocol P { func a() -> Int; var b: Int { get } }")],
            ]
        ) { files in
            let measured = files.flatMap { file in
                file.tokens.functions().map {
                    Measured(key: "\(file.path) \($0.name)", path: file.path, line: $0.line, length: $0.length)
                }
            }
            let allowed = allowed.filter { key, _ in files.holds(String(key.prefix { $0 != " " })) }
            return overruns(of: measured, limit: 40, hardStop: 70, allowed: allowed)
        }
    }

    private static func overruns(
        of measured: [Measured], limit: Int, hardStop: Int = .max, allowed: [String: Int]
    ) -> [Violation] {
        var longest: [String: Int] = [:]
        var found: [Violation] = []
        for item in measured where item.length > limit {
            longest[item.key] = max(item.length, longest[item.key] ?? 0)
            guard item.length > min(allowed[item.key] ?? limit, hardStop) else { continue }
            let reason = "\(item.key) has \(item.length) lines, at most \(limit) are allowed: is it two ideas?"
            found.append(Violation(path: item.path, line: item.line, reason: reason))
        }
        for (key, lines) in allowed.sorted(by: { $0.key < $1.key }) where lines > longest[key] ?? 0 {
            let reason = "\(key) has \(longest[key] ?? 0) lines above the limit now, lower its entry of \(lines)"
            found.append(Violation(path: "Tests/TidyTests/Ratchet.swift", line: 1, reason: reason))
        }
        return found
    }
}

extension [SourceFile] {
    /// Whether this is the repository that an entry of a ratchet speaks about, and not an example.
    fileprivate func holds(_ path: String) -> Bool { count > 1 || contains { $0.path == path } }
}

extension SourceFile {
    fileprivate static func lines(_ count: Int, at path: String) -> SourceFile {
        SourceFile(path, String(repeating: "// a line\n", count: count))
    }

    fileprivate static func function(lines: Int, declared declaration: String) -> SourceFile {
        let body = String(repeating: "    // a line\n", count: lines - 2)
        return SourceFile("Sources/Apus/Graph/Function.swift", "\(declaration) {\n\(body)}\n")
    }
}
