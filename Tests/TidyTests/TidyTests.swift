import AsideKit
import Testing

@Suite(.aside) struct TidyTests {
    @Test(arguments: Rule.all)
    func `the repository keeps the rule`(_ rule: Rule) {
        let violations = rule.violations(Repository.files)
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: Rule.all)
    func `a planted violation is found`(_ rule: Rule) {
        #expect(!rule.planted.isEmpty)
        for files in rule.planted {
            #expect(!rule.violations(files).isEmpty, "overlooked: \(files.map(\.path)) \(files.map(\.lines))")
        }
    }

    @Test(arguments: Rule.all)
    func `what only looks like a violation passes`(_ rule: Rule) {
        for files in rule.innocent {
            #expect(rule.violations(files) == [])
        }
    }

    @Test func `the rules see the whole repository`() {
        let paths = Repository.files.map(\.path)
        for path in ["Package.swift", "README.md", "Makefile", ".ci/run", "Sources/Apus/Environment/Environment.swift"]
        {
            #expect(paths.contains(path))
        }
    }
}
