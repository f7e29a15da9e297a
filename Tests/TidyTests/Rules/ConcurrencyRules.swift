extension Rule {
    /// Calls that wait in the real world or read a random source of their own.
    private static let waiting: [[String]] = [
        ["Task", ".", "sleep"], ["Thread", ".", "sleep"], ["usleep"], ["nanosleep"], ["sleep", "("],
        ["SystemRandomNumberGenerator"], ["randomElement", "(", ")"], ["shuffled", "(", ")"], ["shuffle", "(", ")"],
    ]

    /// Further names that reach past the environment.
    private static let outside: [[String]] = [
        ["Date", "(", ")"], ["Date", ".", "now"], ["UUID", "(", ")"], ["Task", ".", "detached"],
        ["Task", ".", "immediate"], ["ContinuousClock"], ["SuspendingClock"], ["DispatchQueue"], ["DispatchTime"],
        ["clock_gettime"], ["gettimeofday"],
    ]

    static let environment = Rule(
        "only the environment knows clocks, tasks and chance",
        planted: [
            "let now = Date()", "Task { await run() }", "Task<Void, Never> { await run() }",
            "let t = Task(priority: p) { 1 }",
            "Task.detached { }", "try await Task.sleep(for: .seconds(1))", "let c = ContinuousClock()",
            "let c = SuspendingClock.now", "var g = SystemRandomNumberGenerator()", "let n = Int.random(in: 0..<3)",
            "let n: Int = .random(in: a(b, c))", "DispatchQueue.main.async { }", "Thread.sleep(forTimeInterval: 1)",
        ].map { SourceFile("Sources/Apus/Graph/A.swift", $0) },
        innocent: [
            SourceFile("Sources/Apus/Graph/A.swift", "// Task { } and Date()\nlet text = \"Date() Task.sleep\""),
            SourceFile(
                "Sources/Apus/Graph/A.swift", "func start() -> Task<Int, any Error> { environment.spawn(body) }"),
            SourceFile("Sources/Apus/Graph/A.swift", "let n = Int.random(in: 0..<3, using: &generator)"),
            SourceFile("Sources/Apus/Graph/A.swift", "try await environment.sleep(until: deadline)"),
            SourceFile("Sources/Apus/Environment/A.swift", "let now = Date()"),
        ]
    ) { file in
        guard file.isIn("Sources"), !file.isIn("Sources/Apus/Environment") else { return [] }
        let lines = file.tokens.lines(of: waiting + outside) + file.tokens.taskStarts() + file.tokens.unseededRandom()
        return lines.map { file.violation($0, "ask the environment for this instead") }
    }

    /// Tests that step outside on purpose, to see that the simulator notices.
    private static let escapes: Set = ["Tests/ApusTestingTests/SimulatorLimitTests.swift"]

    static let patientTests = Rule(
        "tests neither sleep nor roll dice",
        planted: ["try await Task.sleep(for: .seconds(1))", "usleep(10)", "let n = Int.random(in: 0..<3)"]
            .map { SourceFile("Tests/ApusTests/A.swift", $0) },
        innocent: [
            SourceFile("Tests/ApusTests/A.swift", "try await environment.sleep(for: .seconds(1))"),
            SourceFile("Tests/Benchmarks/A.swift", "try await Task.sleep(for: .seconds(1))"),
        ]
    ) { file in
        guard file.isIn("Tests"), !file.isIn("Tests/Benchmarks"), !escapes.contains(file.path) else { return [] }
        let lines = file.tokens.lines(of: waiting) + file.tokens.unseededRandom()
        return lines.map { file.violation($0, "wait on a signal, use a seed and virtual time") }
    }

    static let invariants = Rule(
        "who overrules the compiler states the invariant",
        planted: [
            "final class A: @unchecked Sendable {}",
            "/// A box.\nfinal class A: @unchecked Sendable {}",
            "// Invariant: written before it is shared.\n\nnonisolated(unsafe) var a = 1",
            "let a = 1\nTask.detached { }",
            "final class A: @unchecked Sendable {\n    let a = 1\n    // Invariant: a constant.\n}",
        ].map { SourceFile("Tests/Benchmarks/A.swift", $0) },
        innocent: [
            "// Invariant: immutable after its initialiser.\nfinal class A: @unchecked Sendable {}",
            "/// A box.\n///\n/// Invariant: immutable.\n@frozen\nfinal class A: @unchecked Sendable {}",
            "final class A: @unchecked Sendable {\n    // Invariant: a constant.\n    let a = 1\n}",
            "// @unchecked Sendable",
        ].map { SourceFile("Tests/Benchmarks/A.swift", $0) }
    ) { file in
        let marks = [
            ["@", "unchecked", "Sendable"], ["nonisolated", "(", "unsafe", ")"], ["Task", ".", "detached"],
        ]
        return file.tokens.lines(of: marks).filter { !file.statesInvariant(at: $0) }.map {
            file.violation($0, "say above it or below it why this is safe, after the word \"Invariant:\"")
        }
    }

    static let locks = Rule(
        "locks are seen by the thread sanitizer",
        planted: ["private let state = Mutex(State())", "let state: Mutex<Int>"]
            .flatMap { [SourceFile("Sources/Apus/Graph/A.swift", $0), SourceFile("Tests/ApusTests/A.swift", $0)] },
        innocent: [
            SourceFile("Sources/Apus/Graph/A.swift", "// A Mutex.\nlet state = Guarded(State())"),
            SourceFile("Sources/Apus/Environment/Guarded.swift", "let mutex: Mutex<Int>"),
            SourceFile("Tests/Benchmarks/A.swift", "let time = Mutex(0.0)"),
        ]
    ) { file in
        guard file.isIn("Sources") || file.isIn("Tests"), !file.isIn("Tests/Benchmarks") else { return [] }
        guard file.path != "Sources/Apus/Environment/Guarded.swift" else { return [] }
        return file.tokens.lines(of: [["Mutex"]]).map { file.violation($0, "take `Guarded` of Apus instead") }
    }

    static let asyncLet = Rule(
        "no async let reads an inout parameter",
        planted: [
            "func f(_ numbers: inout [Int]) async { async let sum = add(numbers); numbers = [] }",
            "func f(of total: inout Int) async {\n    async let a = {\n        total + 1\n    }()\n}",
            "let body = { state, context in async let a = g(state.b); state.b = 1 }",
        ].map { SourceFile("Sources/Apus/Graph/A.swift", $0) },
        innocent: [
            "func f(_ numbers: inout [Int]) async { let copy = numbers; async let sum = add(copy) }",
            "func f(_ numbers: inout [Int]) async { async let sum = add(other.numbers)\n    numbers = [] }",
            "func f(_ numbers: [Int]) async { async let sum = add(numbers) }",
        ].map { SourceFile("Sources/Apus/Graph/A.swift", $0) }
    ) { file in
        var found: [Violation] = []
        // A node's closure takes its state inout, and its parameter is called so everywhere.
        let everywhere = Function(
            name: "", line: 0, length: 0, inoutParameters: ["state"],
            body: file.tokens.startIndex..<file.tokens.endIndex)
        for function in [everywhere] + file.tokens.functions() where !function.inoutParameters.isEmpty {
            for line in file.tokens.asyncLets(in: function.body, naming: function.inoutParameters) {
                found.append(file.violation(line, "copy the parameter first: the compiler overlooks this race"))
            }
        }
        return found
    }
}

extension SourceFile {
    /// Whether the comment directly above `line`, attributes aside, or directly below it speaks of an invariant.
    fileprivate func statesInvariant(at line: Int) -> Bool {
        func states(_ lines: some Sequence<Substring>) -> Bool {
            for text in lines {
                let text = text.drop(while: \.isWhitespace)
                guard text.hasPrefix("//") || text.hasPrefix("@") else { return false }
                if text.hasPrefix("//"), text.contains("Invariant:") { return true }
            }
            return false
        }
        return states(lines.prefix(line - 1).reversed()) || states(lines.dropFirst(line))
    }
}

extension [Token] {
    fileprivate func lines(of patterns: [[String]]) -> [Int] {
        patterns.flatMap { pattern in
            places(of: pattern).filter { place in
                // A member or a declaration that happens to be called so is something else.
                guard place > 0 else { return true }
                let before = self[place - 1].text
                return before != "func" && (before != "." || pattern[0] != "sleep")
            }.map { self[$0].line }
        }
    }

    /// The lines where `Task { … }` or `Task(…)` starts a task, with or without its types written out.
    fileprivate func taskStarts() -> [Int] {
        indices.dropLast().filter { place in
            guard self[place].text == "Task" else { return false }
            if place > 1, self[place - 1].text == ">", self[place - 2].text == "-" { return false }
            var next = place + 1
            if self[next].text == "<", let close = closing(of: next) { next = close + 1 }
            return next < count && (self[next].text == "{" || self[next].text == "(")
        }.map { self[$0].line }
    }

    fileprivate func unseededRandom() -> [Int] {
        places(of: ["random", "(", "in"]).filter { place in
            guard let close = closing(of: place + 1) else { return true }
            return !self[place..<close].contains { $0.text == "using" }
        }.map { self[$0].line }
    }

    /// The lines of `async let` statements in `range` whose initial value names one of `names`.
    fileprivate func asyncLets(in range: Range<Index>, naming names: [String]) -> [Int] {
        places(of: ["async", "let"]).filter(range.contains).filter { start in
            var depth = 0
            for index in start..<range.upperBound {
                if ["(", "{", "["].contains(self[index].text) { depth += 1 }
                if [")", "}", "]"].contains(self[index].text) { depth -= 1 }
                let isNextLine = index > start && self[index].line > self[index - 1].line
                if depth < 0 || self[index].text == ";" || depth == 0 && isNextLine { return false }
                if names.contains(self[index].text), self[index - 1].text != "." { return true }
            }
            return false
        }.map { self[$0].line }
    }
}
