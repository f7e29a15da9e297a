import Foundation
import Testing

@Suite struct AgentCrashTests {
    @Test func `an agent that is killed at any commit repeats nothing that is stored and comes to the same answer`()
        throws
    {
        let process = Process()
        process.executableURL = Self.executable
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        let deaths = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        #expect(deaths > 30, "\(text)")
    }

    /// It stands beside the tests, or beside the bundle they are in.
    private static var executable: URL {
        var tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { tests = bundle.bundleURL }
        return tests.deletingLastPathComponent().appending(path: "AgentChild")
    }
}
