public import Apus

/// Reads text files below a folder.
public struct ReadFile: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var path: String
        public static let descriptions = ["path": "Below the folder, with / between names"]
    }

    public let name = "read_file"
    public let description = "Reads a text file"
    public var policy: ToolPolicy { .readOnly }
    private let root: FolderRoot

    public init(below root: FolderRoot) { self.root = root }

    public func call(_ input: Input, _ context: ToolContext) async throws -> String {
        guard let text = String(validating: try root.read(input.path), as: UTF8.self) else {
            throw FileRefusal(input.path, "it is no text")
        }
        return text
    }
}

/// Writes text files below a folder. A person is asked each time unless the policy says otherwise.
public struct WriteFile: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var path: String
        public var text: String
        public static let descriptions = ["path": "Below the folder, with / between names", "text": "All of the file"]
    }

    public let name = "write_file"
    public let description = "Writes a text file, in place of what is there"
    public let policy: ToolPolicy
    private let root: FolderRoot

    public init(below root: FolderRoot, policy: ToolPolicy = ToolPolicy(permission: .ask)) {
        self.root = root
        self.policy = policy
    }

    public func call(_ input: Input, _ context: ToolContext) async throws -> String {
        try root.write(Array(input.text.utf8), to: input.path)
        return "written"
    }
}
