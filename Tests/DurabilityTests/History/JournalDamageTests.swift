import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct JournalDamageTests {
    private func journal(_ name: String) throws -> (capsule: RunCapsule, frames: [[UInt8]]) {
        let golden = try #require(GoldenRun.all.first { $0.name == name })
        let capsule = try golden.file().capsule
        return (capsule, capsule.frames.map { Array($0.utf8) })
    }

    /// The link before each frame.
    private func links(_ capsule: RunCapsule, _ frames: [[UInt8]]) throws -> [JournalLink] {
        var links = [JournalLink.start]
        for (sequence, bytes) in frames.enumerated() {
            links.append(
                try JournalFrame(bytes, run: capsule.run, sequence: sequence, after: links[sequence]).link)
        }
        return links
    }

    @Test(arguments: ["sale", "waiting", "ways", "doubt", "undone", "fork", "inner"])
    func `a frame with any byte changed is refused`(_ name: String) throws {
        let (capsule, frames) = try journal(name)
        let links = try links(capsule, frames)
        for (sequence, frame) in frames.enumerated() {
            var bytes = frame
            for position in bytes.indices {
                let flip = UInt8(1) << UInt8((position &* 7 &+ sequence) % 8)
                bytes[position] ^= flip
                #expect(throws: JournalError(.damaged, run: capsule.run), "frame \(sequence), byte \(position)") {
                    try JournalFrame(bytes, run: capsule.run, sequence: sequence, after: links[sequence])
                }
                bytes[position] ^= flip
            }
        }
    }

    @Test func `a frame that is cut, longer, elsewhere or of another run is refused`() throws {
        let (capsule, frames) = try journal("sale")
        let links = try links(capsule, frames)
        func refuses(_ bytes: [UInt8], _ run: RunID, _ sequence: Int, _ link: JournalLink) -> Bool {
            (try? JournalFrame(bytes, run: run, sequence: sequence, after: link)) == nil
        }
        for (sequence, frame) in frames.enumerated() {
            for count in 0..<frame.count {
                #expect(refuses(Array(frame.prefix(count)), capsule.run, sequence, links[sequence]), "\(count)")
            }
            #expect(refuses(frame + [0x20], capsule.run, sequence, links[sequence]))
            #expect(refuses(frame, RunID("other"), sequence, links[sequence]))
            #expect(refuses(frame, capsule.run, sequence + 1, links[sequence]))
            for other in links.indices where other != sequence {
                #expect(refuses(frame, capsule.run, sequence, links[other]))
            }
        }
    }

    @Test(arguments: UInt64(1)...60)
    func `whatever is damaged, the history is a beginning of the true one`(_ seed: UInt64) async throws {
        var chance = SeededGenerator(seed: seed)
        let golden = try #require(GoldenRun.all.filter { $0.name != "snapshot" }.randomElement(using: &chance))
        let file = try golden.file()
        let storage = MemoryStorage()
        var batch = StorageBatch()
        for (sequence, frame) in file.capsule.frames.enumerated() {
            batch.put(Array(frame.utf8), at: StorageKey("journal", file.capsule.run, sequence))
        }
        let victim = Int.random(in: file.capsule.frames.indices, using: &chance)
        let key = StorageKey("journal", file.capsule.run, victim)
        var bytes = Array(file.capsule.frames[victim].utf8)
        switch Int.random(in: 0..<5, using: &chance) {
        case 0: bytes[Int.random(in: bytes.indices, using: &chance)] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &chance))
        case 2: bytes.remove(at: Int.random(in: bytes.indices, using: &chance))
        case 3: bytes.append(UInt8.random(in: 0...255, using: &chance))
        default: bytes = Array(file.capsule.frames.randomElement(using: &chance)?.utf8 ?? "".utf8)
        }
        let isSame = bytes == Array(file.capsule.frames[victim].utf8)
        batch.put(bytes, at: key)
        try await storage.commit(batch)
        let history = try await Engine(storage: storage).history(of: file.capsule.run, try golden.graph())
        #expect((history.damage == nil) == isSame, "seed \(seed)")
        #expect(history.points.map(\.description) == Array(file.points.prefix(history.points.count)), "seed \(seed)")
        #expect(try history.points.last.map { try $0.state.summary } == file.states.prefix(history.points.count).last)
        await #expect(throws: JournalError.self, "seed \(seed)") {
            _ = try await GraphExecutor(storage: storage).resume(try golden.graph(), id: file.capsule.run)
        }
    }
}
