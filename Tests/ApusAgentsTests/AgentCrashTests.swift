import Foundation
import Testing

@Suite struct AgentCrashTests {
    @Test func `an agent that is killed at any commit repeats nothing that is stored and comes to the same answer`()
        throws
    {
        let text = try output(of: "AgentChild")
        let deaths = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        #expect(deaths > 30, "\(text)")
    }

    @Test func `a call that needs agreement is answered in another process than the one that asked and was killed`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "refund-desk-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try output(of: "RefundDesk", ["in", folder.path])
        #expect(text.contains(#"May refund be called with {"booking":"B-17","euros":40}?"#), "\(text)")
        #expect(text.contains("It died by signal 9."), "\(text)")
        #expect(text.contains("You get 40 € back."), "\(text)")
        #expect(text.contains("payments: 1"), "\(text)")
    }

    /// What a program of this package prints; it has to end well.
    private func output(of program: String, _ arguments: [String] = []) throws -> String {
        let process = Process()
        process.executableURL = Self.products.appending(path: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        return text
    }

    /// The programs stand beside the tests, or beside the bundle they are in.
    private static var products: URL {
        var tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { tests = bundle.bundleURL }
        return tests.deletingLastPathComponent()
    }
}
