import Apus
import ApusAgents
import ApusTesting
import Foundation
import Testing

@Suite struct BuiltInToolTests {
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("-2^2", "-4"), ("2^3^2", "512"), ("(1+2)*3 % 4", "1"), ("sqrt(2)", "1.4142135623730951"),
        ("1e3/8", "125"), ("max(1, 2, 3) - min(4, 5)", "-1"), ("10_000 * 2", "20000"),
        ("0.1 + 0.2", "0.30000000000000004"),
    ])
    func `an expression has the value of arithmetic`(expression: String, value: String) async throws {
        #expect(try await result(of: Calculator(), ["expression": .string(expression)]) == value)
    }

    @Test(arguments: [
        "", "1 +", "1 / 0", "(1", "1 2", "x", "exp(1000)", String(repeating: "(", count: 100_000), "system(1)",
    ])
    func `what is no expression is told to the model, and nothing else happens`(expression: String) async throws {
        let text = try await result(of: Calculator(), ["expression": .string(expression)])
        #expect(text.contains("expected"), "\(text.prefix(200))")
    }

    @Test(arguments: [
        "../secret", "a/../../secret", "/etc/passwd", "link", "linked/secret", "a//b", "", ".", "..", "a/..",
        "../root2/x",
        "a\u{0}b", "./../secret", "fifo", "folder", "~/x", "a/./b",
    ])
    func `a path that leads out of its folder is refused`(path: String) throws {
        try inFolder { folder, root in
            #expect(throws: FileRefusal.self) { try root.read(path) }
            if path != "folder", path != "link", path != "fifo", path != "~/x" {
                #expect(throws: FileRefusal.self) { try root.write([1], to: path) }
            }
            let secret = try String(contentsOf: folder.appending(path: "secret"), encoding: .utf8)
            #expect(secret == "canary")
        }
    }

    @Test func `files below the folder are read and written whole`() throws {
        try inFolder { _, root in
            try root.write(Array("hello".utf8), to: "folder/new.txt")
            try root.write(Array("hello again".utf8), to: "./folder/new.txt")
            #expect(String(decoding: try root.read("folder/new.txt"), as: UTF8.self) == "hello again")
            #expect(throws: FileRefusal.self) { try root.write(Array(repeating: 0, count: 2_000), to: "big") }
            // What stands in the way is replaced, not followed.
            try root.write(Array("mine".utf8), to: "link")
            #expect(String(decoding: try root.read("link"), as: UTF8.self) == "mine")
        }
    }

    /// A folder with a secret beside it, and a root below with links that lead there.
    private func inFolder(_ body: (URL, FolderRoot) throws -> Void) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "root-\(UUID())")
        let root = folder.appending(path: "root")
        try files.createDirectory(at: root.appending(path: "folder"), withIntermediateDirectories: true)
        try files.createDirectory(at: folder.appending(path: "root2"), withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        for name in ["secret", "root2/x"] {
            try "canary".write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try files.createSymbolicLink(
            at: root.appending(path: "link"), withDestinationURL: folder.appending(path: "secret"))
        try files.createSymbolicLink(at: root.appending(path: "linked"), withDestinationURL: folder)
        #expect(mkfifo(root.appending(path: "fifo").path, 0o644) == 0)
        try body(folder, FolderRoot(root.path, maximumSize: 1_024))
    }

    private func result(of tool: some Tool, _ arguments: JSON) async throws -> String {
        let model = ScriptedModel([.call(tool.name, arguments), .text("done")])
        let end = try await Agent("user", model: model, tools: [tool]).run([.user("?")])
        return end.messages.flatMap(\.toolResults).first?.text ?? ""
    }
}
