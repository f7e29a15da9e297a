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
}
