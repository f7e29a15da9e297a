import Apus
import Foundation
import OverdueRequestsKit
import ProcessKit
import Testing

@Suite struct CrashTrialTests {
    @Test
    func `a review that is killed twice comes to what an undisturbed one does`() async throws {
        let folder = TemporaryFolder()
        let lines = Guarded("")
        let console = Console(
            output: { text in lines.withLock { $0 += text } }, errors: { text in lines.withLock { $0 += text } })
        let trial = CrashTrial(executable: try ChildProgram.location(of: "OverdueRequests"), folder: folder.url.path)
        let isSame = try await trial.run([.byItself(afterNotice: 2), .fromOutside(afterLine: 1)], console)
        let text = lines.withLock { $0 }
        #expect(isSame, "\(text)")
        #expect(text.contains("kill -9 1, by itself, right after its notice 2: 2 notices delivered, 0 repetitions"))
        #expect(text.contains("notices      6             6, each once"))
    }
}
