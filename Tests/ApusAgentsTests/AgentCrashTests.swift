import AsideKit
import Foundation
import ProcessKit
import Testing

@Suite(.aside) struct AgentCrashTests {
    @Test func `an agent that is killed at any commit repeats nothing that is stored and comes to the same answer`()
        async throws
    {
        let text = try await output(of: "AgentChild")
        let deaths = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        #expect(deaths > 30, "\(text)")
    }

    @Test(arguments: ["", "pipelined"])
    func
        `an agent that is killed at any operation of the disk repeats nothing that is stored and comes to the same answer`(
            durability: String
        ) async throws
    {
        func child(_ folder: CrashFolder, dyingAt point: Int) async throws -> ChildProgram.Ending {
            try await ChildProgram("AgentChild", folder.path, "\(point)", durability).ending()
        }
        let undisturbed = try await child(try CrashFolder("agent-\(durability)"), dyingAt: 0)
        guard case .printed(let text) = undisturbed, text.contains("5 letters, 5 turns") else {
            Issue.record("the undisturbed run: \(undisturbed)")
            return
        }
        var point = 1
        while true {
            let folder = try CrashFolder("agent-\(durability)-\(point)")
            let ending = try await child(folder, dyingAt: point)
            guard ending == .killed else {
                #expect(ending == undisturbed, "at \(point)")
                break
            }
            let resumed = try await child(folder, dyingAt: 0)
            #expect(resumed == undisturbed, "killed at \(point)")
            point += 1
        }
        print("agent \(durability): killed at each of \(point - 1) operations of the disk")
        #expect(point > 40)
    }

    @Test func `a call that needs agreement is answered in another process than the one that asked and was killed`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "refund-desk-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try await output(of: "RefundDesk", "in", folder.path)
        #expect(text.contains(#"May refund be called with {"booking":"B-17","euros":40}?"#), "\(text)")
        #expect(text.contains("It died by signal 9."), "\(text)")
        #expect(text.contains("You get 40 € back."), "\(text)")
        #expect(text.contains("payments: 1"), "\(text)")
    }

    /// What a program of this package prints; it has to end well.
    private func output(of program: String, _ arguments: String...) async throws -> String {
        let ending = try await ChildProgram(program, arguments).ending()
        guard case .printed(let text) = ending else {
            Issue.record("\(ending)")
            return ""
        }
        return text
    }
}
