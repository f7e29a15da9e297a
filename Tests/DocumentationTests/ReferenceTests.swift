import Foundation
import Testing

@Suite struct ReferenceTests {
    @Test(arguments: Page.markdown)
    func `every command of the Makefile that a page names exists`(_ page: Page) throws {
        let makefile = try String(contentsOf: Checkout.root.appending(path: "Makefile"), encoding: .utf8)
        #expect(Self.missingCommands(of: page, in: makefile) == [])
    }

    @Test(arguments: Page.markdown)
    func `every file that a page links to exists`(_ page: Page) {
        #expect(Self.missingFiles(of: page) == [])
    }

    @Test func `a command or a file that is not there is found`() {
        let page = Page(
            "README.md",
            """
            Say `make nothing`, see [this](Documentation/Nothing.md), [that](README.md#part) or [these](https://swift.org).

            ```sh
            make test
            make nowhere   # not there
            ```
            """)
        #expect(Self.missingCommands(of: page, in: "test: ## Tests\n\tswift test\n") == ["nothing", "nowhere"])
        #expect(Self.missingFiles(of: page) == ["Documentation/Nothing.md"])
    }

    private static func missingCommands(of page: Page, in makefile: String) -> [String] {
        let inText = page.lines.flatMap { $0.matches(of: #/`make ([a-z-]+)/#).map { String($0.output.1) } }
        let inBlocks = page.blocks.filter { $0.language == "sh" }.flatMap(\.code)
            .compactMap { $0.prefixMatch(of: #/make ([a-z-]+)/#).map { String($0.output.1) } }
        let targets = makefile.split(separator: "\n").compactMap { $0.prefixMatch(of: #/([a-z-]+):/#)?.output.1 }
        return (inText + inBlocks).filter { !targets.contains(Substring($0)) }
    }

    private static func missingFiles(of page: Page) -> [String] {
        let folder = Checkout.root.appending(path: page.path).deletingLastPathComponent()
        let links = page.lines.flatMap { $0.matches(of: #/\]\(([^)\s]+)/#).map { String($0.output.1) } }
        return links.filter { link in
            guard !link.contains("://"), !link.hasPrefix("#"), !link.hasPrefix("doc:") else { return false }
            let file = folder.appending(path: String(link.prefix { $0 != "#" }))
            return !FileManager.default.fileExists(atPath: file.standardizedFileURL.path(percentEncoded: false))
        }
    }
}
