import CrashKit
import Foundation
import ProcessKit
import Testing

/// A saga of five steps whose third one fails is killed with SIGKILL at the operations of its disk, one point after the other.
@Suite struct SagaKillTests {
    private static let variants = ProcessInfo.processInfo.environment["APUS_CRASH"] == "full" ? 0..<6 : 0..<1

    @Test(arguments: variants)
    func `a saga that is killed anywhere undoes every completed step once and in order`(_ variant: Int) async throws {
        let undisturbed = try CrashFolder("saga \(variant)-undisturbed")
        guard case .printed(let expected) = try await child(undisturbed, at: 0, variant).ending() else {
            Issue.record("the undisturbed saga did not end")
            return
        }
        #expect(expected.contains("there is no room; undone: s2, s1"), "\(expected)")
        var point = 1
        while try await kill(at: point, variant, expected) { point += 1 }
        print("saga \(variant): killed at each of \(point - 1) operations of the disk")
        #expect(point > 40)
    }

    private func child(_ folder: CrashFolder, at point: Int, _ variant: Int) throws -> ChildProgram {
        try ChildProgram("CrashChild", "saga", "chain", folder.path, "\(point)", "\(variant)")
    }

    /// Kills one process at `point` and lets another go on; false if it ended before that point.
    private func kill(at point: Int, _ variant: Int, _ expected: String) async throws -> Bool {
        let folder = try CrashFolder("saga \(variant)-\(point)")
        let world = try CrashWorld(folder.url)
        let ending = try await child(folder, at: point, variant).ending()
        if ending == .killed {
            #expect(try await child(folder, at: 0, variant).ending() == .printed(expected), "killed at \(point)")
        } else {
            #expect(ending == .printed(expected), "killed at \(point)")
        }
        // The outside tells repetitions by their key.
        var done: [String] = []
        for key in world.calls where !done.contains(key) { done.append(key) }
        #expect(done == CrashSaga.expected, "killed at \(point)")
        #expect(world.effects == Set(CrashSaga.expected), "killed at \(point)")
        return ending == .killed
    }
}
