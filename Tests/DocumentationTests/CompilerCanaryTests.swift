import Testing

/// What the compiler overlooks today and a rule of ours refuses instead; fails when the rule may go.
@Suite struct CompilerCanaryTests {
    @Test func `an async let may read an inout parameter that is then changed`() throws {
        let page = Page(
            "Canary.md",
            """
            ```swift
            import Apus
            func sum(_ numbers: [Int]) async -> Int { numbers.reduce(0, +) }
            func race(_ numbers: inout [Int]) async -> Int {
                async let total = sum(numbers)
                numbers.append(1)
                return await total
            }
            ```
            """)
        let compiler = try Compiler(products: try #require(Checkout.products))
        defer { compiler.cleanUp() }
        #expect(try compiler.problems(of: page) == nil, "the rule asyncLet of TidyTests may go")
    }

    /// Where this stands for code that two threads run, each with a `Machine` of its own around one `Plan`, the sanitizer reports a
    /// "Swift access race" at the header of the plan, which nobody writes.
    @Test func `the thread sanitizer is told of a change of what a noncopyable value only refers to`() throws {
        let compiler = try Compiler(products: try #require(Checkout.products))
        defer { compiler.cleanUp() }
        let outcome = try compiler.intermediate(
            of: """
                final class Plan: Sendable {}
                struct Machine: ~Copyable {
                    let plan: Plan
                    let cells: UnsafeMutablePointer<Int>
                    mutating func step() { cells[1] += 1 }
                }
                """)
        #expect(outcome.succeeded, "\(outcome.output)")
        let lines = outcome.output.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        let borrowed = lines.filter { $0.contains("load_borrow") }.map { $0.prefix { $0 != " " } }
        let isMisled = borrowed.contains { value in
            lines.contains { $0.contains("builtin \"tsanInoutAccess\"(\(value))") }
        }
        #expect(isMisled, "the order of RunMachine's properties no longer matters")
    }
}
