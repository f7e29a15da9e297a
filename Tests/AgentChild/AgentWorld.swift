import Apus
import ApusAgents
import ApusTesting
import Foundation

/// The world an agent of the crash trial acts on: a file that outlives its processes and to which each deed is a line.
final class AgentWorld: Sendable {
    private let path: String

    init(in folder: String) { path = folder + "/world" }

    func note(_ line: String) {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = Array("\(line)\n".utf8)
        precondition(write(file, bytes, bytes.count) == bytes.count, "the world can't be written")
    }

    var lines: [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map(String.init)
    }

    /// Five calls in four turns, two of them side by side, and an answer.
    var model: ScriptedModel {
        let script: [[String]] = [["a"], ["b", "c"], ["d"], ["e"]]
        let turns = script.enumerated().map { number, letters in
            ScriptedModel.Turn { [self] request, info in
                note("turn \(number)")
                let calls = letters.map { (name: "post", arguments: ["letter": .string($0)] as JSON) }
                return try await ScriptedModel([.calls(calls)]).chat(ChatRequest([]))
            }
        }
        let last = ScriptedModel.Turn { [self] request, _ in
            note("turn \(script.count)")
            let told = request.messages.flatMap(\.toolResults).map(\.text).joined(separator: " ")
            return ChatResponse(.assistant("Posted: \(told)"), finish: .stop)
        }
        return ScriptedModel(turns + [last])
    }

    /// What was written down before this process began, and so may not happen again.
    func refuseRepetitions(of committed: Set<String>, since start: Int) throws {
        if let line = lines.dropFirst(start).first(where: { committed.contains($0) }) { throw Repeated(line: line) }
    }

    struct Repeated: Error, CustomStringConvertible {
        var line: String
        var description: String { "\"\(line)\" was written down and happened again" }
    }
}

/// Posts a letter, which the world notes with the key of the call.
struct Post: Tool {
    struct Input: Codable { var letter: String }
    let name = "post"
    let description = "Posts a letter"
    let world: AgentWorld

    func call(_ input: Input, _ context: ToolContext) async throws -> String {
        world.note("post \(context.key)")
        return input.letter
    }
}
