import AsideKit
import Foundation
import Testing

@Suite(.aside) struct ListingTests {
    @Test(arguments: Page.withSwift)
    func `every Swift block of a page compiles`(_ page: Page) async throws {
        let compiler = try Compiler(products: try #require(Checkout.products, "no compiled modules beside this test"))
        defer { compiler.cleanUp() }
        let problems = try await aside { try compiler.problems(of: page) }
        if let problems { Issue.record("\(problems)") }
    }

    @Test(arguments: Page.all)
    func `a block that says swift says nothing else, and each directive is known`(_ page: Page) {
        for block in page.blocks {
            #expect(block.language == "swift" || !block.language.hasPrefix("swift"), "\(page.path):\(block.line)")
            let isKnown = block.file != nil || [nil, "continues", "runs"].contains(block.directive)
            #expect(isKnown, "\(page.path):\(block.line)")
        }
    }

    @Test(arguments: Page.markdown)
    func `a block that is a file of the repository equals it`(_ page: Page) throws {
        for block in page.blocks {
            guard let path = block.file else { continue }
            let text = try String(contentsOf: Checkout.root.appending(path: path), encoding: .utf8)
            #expect(block.code.joined(separator: "\n") + "\n" == text, "\(page.path):\(block.line)")
        }
    }

    @Test(arguments: Page.all.filter { page in page.listings.contains { $0.directive == "runs" } })
    func `a program of a page prints what the page says`(_ page: Page) async throws {
        let compiler = try Compiler(products: try #require(Checkout.products, "no compiled modules beside this test"))
        defer { compiler.cleanUp() }
        for listing in page.listings where listing.directive == "runs" {
            let outcome = try await aside { try compiler.run(listing, of: page) }
            let end = listing.blocks.map(\.line).max() ?? 0
            let promised = try #require(page.blocks.first { $0.line > end && $0.language == "text" })
            #expect(outcome.succeeded)
            #expect(outcome.output == promised.code.joined(separator: "\n") + "\n", "\(page.path):\(listing.line)")
        }
    }

    @Test func `a block that does not compile is named with its page and line`() throws {
        let page = Page(
            "Wrong.md",
            """
            # A page

            <!-- swift: preamble
            struct Shared { var number = 1 }
            -->

            ```swift
            let right = Shared().number
            ```

            ```swift
            let fine = 1
            let wrong: Int = Shared().text
            ```

            ```swift
            import Foundation
            let alsoWrong: Int = Date.now
            ```
            """)
        let compiler = try Compiler(products: try #require(Checkout.products))
        defer { compiler.cleanUp() }
        let problems = try #require(try compiler.problems(of: page))
        #expect(problems.contains("Wrong.md:13:"))
        #expect(problems.contains("Wrong.md:18:"))
        #expect(!problems.contains("Wrong.md:8:"))
    }

    @Test func `a block may continue the one above`() throws {
        let page = Page(
            "Story.md",
            """
            ```swift
            let number = 1
            ```
            <!-- swift: continues -->
            ```swift
            let next = number + 1
            ```
            """)
        let compiler = try Compiler(products: try #require(Checkout.products))
        defer { compiler.cleanUp() }
        #expect(page.listings.count == 1)
        #expect(try compiler.problems(of: page) == nil)
    }

    @Test func `code in documentation comments is found`() {
        let page = Page("A.swift", "    /// Text.\n    /// ```swift\n    /// let a = 1\n    /// ```\n    var a = 1")
        #expect(page.blocks == [Page.Block(language: "swift", line: 3, code: ["let a = 1"])])
    }
}
