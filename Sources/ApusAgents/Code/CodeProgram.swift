import Foundation

/// A program that runs code, and what of the machine it needs for that.
public struct CodeProgram: Sendable, Hashable {
    /// How requests call it.
    public var language: String
    /// Its absolute path.
    public var executable: String
    /// What stands before the name of the file that holds the code.
    public var arguments: [String]
    /// The name of that file.
    public var fileName: String
    /// All of its environment.
    public var environment: [String: String]
    /// Absolute paths of the files and folders that it may read and execute; the executable is one of them anyway.
    public var readable: [String]

    public init(
        language: String, executable: String, arguments: [String] = [], fileName: String = "main",
        environment: [String: String] = [:], readable: [String]
    ) {
        self.language = language
        self.executable = executable
        self.arguments = arguments
        self.fileName = fileName
        self.environment = environment
        self.readable = readable
    }

    /// Python with its standard library and what stands beside it, without the environment and the user's packages.
    public static func python(_ executable: String) -> Self {
        let library = URL(filePath: executable).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "lib")
        return Self(
            language: "python", executable: executable, arguments: ["-I", "-B", "-X", "utf8"], fileName: "main.py",
            readable: libraries([library.path]))
    }

    /// A shell that finds the tools of these folders.
    public static func shell(_ executable: String, tools: [String] = ["/usr/bin", "/bin"]) -> Self {
        Self(
            language: "sh", executable: executable, fileName: "main.sh",
            environment: ["PATH": tools.joined(separator: ":"), "LC_ALL": "C.UTF-8"], readable: libraries(tools))
    }

    /// These, and the folders of the system's libraries that are there.
    private static func libraries(_ folders: [String]) -> [String] {
        folders
            + ["/usr/lib", "/usr/lib64", "/lib", "/lib64"].filter { path in
                !folders.contains(path) && FileManager.default.fileExists(atPath: path)
            }
    }
}

extension CodeProgram {
    /// Throws ``CodeError/Code/invalidProgram`` for what can't be run, or would show more of the machine than a program.
    func check() throws(CodeError) {
        func refuse(_ reason: String) -> CodeError { CodeError(.invalidProgram, detail: "\"\(language)\": \(reason)") }
        for path in [executable] + readable {
            let names = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            guard path.hasPrefix("/"), names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
                throw refuse("\"\(path)\" is no plain absolute path")
            }
            guard !["proc", "sys", "dev"].contains(names.first ?? "") else {
                throw refuse("\"\(path)\" shows the machine, not a program")
            }
            guard FileManager.default.fileExists(atPath: path) else { throw refuse("there is no \"\(path)\"") }
        }
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw refuse("\"\(executable)\" can't be executed")
        }
        guard !fileName.isEmpty, fileName != ".", fileName != "..", !fileName.contains("/") else {
            throw refuse("\"\(fileName)\" is no name of a file")
        }
        let names = environment.keys
        guard names.allSatisfy({ !$0.isEmpty && !$0.contains("=") }) else {
            throw refuse("a variable has no proper name")
        }
        let texts = [executable, fileName] + readable + arguments + names + environment.values
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else { throw refuse("there is a zero byte in it") }
    }
}
