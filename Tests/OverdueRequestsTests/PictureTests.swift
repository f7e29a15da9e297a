import Apus
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct PictureTests {
    /// `APUS_PICTURES=write swift test --filter PictureTests` draws it anew.
    @Test func `the picture in the documentation is that of the graph`() throws {
        let parts = ReviewParts(
            source: try .sample(), notifier: RecordingNotifier(), folder: OutputFolder(path: "out"))
        let drawn = try Graph.review(with: parts).outline.svg()
        let picture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Documentation/Images/overdue-requests.svg").standardizedFileURL
        if ProcessInfo.processInfo.environment["APUS_PICTURES"] == "write" {
            try FileManager.default.createDirectory(
                at: picture.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(drawn.utf8).write(to: picture)
        }
        let isCurrent = try String(contentsOf: picture, encoding: .utf8) == drawn
        #expect(isCurrent, "run APUS_PICTURES=write swift test --filter PictureTests, and look at the picture")
    }
}
